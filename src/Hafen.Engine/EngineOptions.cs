using System.Net;
using System.Security.Cryptography;
using System.Text;
using Hafen.Logging;

namespace Hafen.Engine;

/// <summary>What the operator decides about the engine.</summary>
public sealed record EngineOptions
{
    public const string DefaultRoot = "/var/lib/hafen", DefaultRunRoot = "/run/hafen";

    /// <summary>State that survives a reboot.</summary>
    public required string Root { get; init; }

    /// <summary>State that may vanish with a reboot.</summary>
    public required string RunRoot { get; init; }

    /// <summary>The static init for <c>--init</c>; null when it is not installed.</summary>
    public string? InitPath { get; init; }

    /// <summary>Every container gets an init unless it says otherwise (<c>init</c> in daemon.json).</summary>
    public bool DefaultInit { get; init; }

    /// <summary>
    /// The cgroup under which containers are made, without a slash at the end. Two engines on one host must not share it, because what is found
    /// there and belongs to no container is removed.
    /// </summary>
    public required string CgroupParent { get; init; }

    /// <summary>A cgroup of its own for each state folder: <c>/hafen</c> for the usual one.</summary>
    public static string CgroupParentFor(string root)
    {
        if (root == DefaultRoot)
            return "/hafen";
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(root));
        return "/hafen-" + Convert.ToHexStringLower(hash.AsSpan(0, 4));
    }

    /// <summary>Bytes of <c>/dev/shm</c> when the request does not say.</summary>
    public long DefaultShmSize { get; init; } = 64 * 1024 * 1024;

    /// <summary><c>private</c> or <c>shareable</c>.</summary>
    public string DefaultIpcMode { get; init; } = "private";

    /// <summary>Log driver when the request does not say.</summary>
    public string DefaultLogDriver { get; init; } = LogDrivers.Default.Name;

    /// <summary>Options of the default log driver.</summary>
    public IReadOnlyDictionary<string, string> DefaultLogOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Limits every container gets unless it says otherwise.</summary>
    public IReadOnlyList<Api.Ulimit> DefaultUlimits { get; init; } = [];

    /// <summary>Seconds between the stop signal and SIGKILL when neither request nor container says.</summary>
    public int DefaultStopTimeout { get; init; } = 10;

    /// <summary>How long the monitor that is launched with a create waits for the start: longer than most clients take, short enough to cost nothing.</summary>
    public TimeSpan EarlyMonitorLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the daemon's own start waits for the containers that it starts again; those that take longer go on in the background.</summary>
    public TimeSpan StartsAtOpenLimit { get; init; } = TimeSpan.FromSeconds(10);

    public IReadOnlyList<string> Dns { get; init; } = [];
    public IReadOnlyList<string> DnsSearch { get; init; } = [];
    public IReadOnlyList<string> DnsOptions { get; init; } = [];

    /// <summary>What <c>host-gateway</c> in an extra host means; null for the bridge's gateway.</summary>
    public IPAddress? HostGateway { get; init; }

    /// <summary><c>no-new-privileges</c> for every container.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>Our runtime's name in requests.</summary>
    public string RuntimeName { get; init; } = "hafen";

    /// <summary>All names under which our runtime can be asked for: those of Docker's own stand in scripts, and mean the runtime that comes with the engine.</summary>
    public IReadOnlyList<string> RuntimeNames => [RuntimeName, "runc", "io.containerd.runc.v2"];
}
