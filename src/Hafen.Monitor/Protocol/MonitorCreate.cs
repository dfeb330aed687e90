using Hafen.Logging;
using Hafen.Oci.Runtime;

namespace Hafen.Monitor.Protocol;

/// <summary>
/// First request to a monitor: make the container of <see cref="Bundle"/> up to, but not including, its execve.
/// The reply carries the init's pid; the namespaces exist then, so the daemon can attach networks while init prepares the root.
/// </summary>
public sealed record MonitorCreate
{
    /// <summary>Container ID, 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Folder that holds <c>config.json</c>.</summary>
    public required string Bundle { get; init; }

    /// <summary>Mounts that make the root, applied in order on <c>root.path</c> inside the container's mount namespace, so that nothing shows on the host.</summary>
    public SpecMount[] Rootfs { get; init; } = [];

    /// <summary>The container's log.</summary>
    public required LogTarget Log { get; init; }

    /// <summary>Whether the container's stdin is kept open (<c>-i</c>); otherwise it reads from /dev/null.</summary>
    public bool OpenStdin { get; init; }

    /// <summary>Close stdin when the first attached client's input ends (<c>StdinOnce</c>).</summary>
    public bool StdinOnce { get; init; }

    /// <summary>Compiled seccomp program (array of <c>sock_filter</c>) that replaces <c>linux.seccomp</c>, or null.</summary>
    public string? SeccompProgram { get; init; }
}
