using Hafen.Networking.Drivers;
using Hafen.Networking.State;

namespace Hafen.Networking.Plain;

/// <summary>The kind of one predefined network that gives no interface and keeps nothing in the kernel: <c>host</c> and <c>none</c>.</summary>
public sealed class PlainDriver(string name, string predefined, NetworkReach reach) : INetworkDriver
{
    public string Name => name;

    public string? PredefinedName => predefined;

    public bool HasPredefined => true;

    public bool Creates => false;

    public IReadOnlyList<string> Warnings => [];

    public INetwork Of(NetworkRecord record) => new PlainNetwork(record, reach);

    public void Commit()
    {
    }

    public void Uninstall()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
