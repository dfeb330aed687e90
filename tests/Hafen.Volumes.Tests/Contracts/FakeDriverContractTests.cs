using Hafen.Volumes.Drivers;
using Hafen.Volumes.Tests.Fakes;

namespace Hafen.Volumes.Tests.Contracts;

/// <summary>What stands for a driver in the store's tests does what a real one does.</summary>
public sealed class FakeDriverContractTests : VolumeDriverContract
{
    private FakeServer? _server;

    protected override IVolumeDriver Open(string root) => new FakeDriver("fake", _server ??= new FakeServer(Path.Combine(root, ".server")));
}
