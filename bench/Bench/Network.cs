namespace Hafen.Bench;

/// <summary>A network namespace for both daemons: their bridges and firewall rules go with it.</summary>
internal sealed class Network : IDisposable
{
    /// <summary>Of this run alone; the cgroup of Hafen's containers is called so, too.</summary>
    public static string Name { get; } = $"hafen-bench-{Environment.ProcessId}";

    public Network()
    {
        Shell.Run("ip", "netns", "add", Name);
        Shell.Run("nsenter", "--net=/run/netns/" + Name, "ip", "link", "set", "lo", "up");
    }

    public void Dispose() => Shell.Run("ip", "netns", "del", Name);
}
