namespace Hafen.Bench;

/// <summary>A network namespace for both daemons: their bridges and firewall rules go with it.</summary>
internal sealed class Network : IDisposable
{
    public const string Name = "hafen-bench";

    public Network()
    {
        Shell.Run("ip", "netns", "add", Name);
        Shell.Run("nsenter", "--net=/run/netns/" + Name, "ip", "link", "set", "lo", "up");
    }

    public void Dispose() => Shell.Run("ip", "netns", "del", Name);
}
