using System.Runtime.InteropServices;
using System.Threading.Channels;
using Hafen.Errors;
using Hafen.Monitor.Protocol;
using Hafen.Oci.Runtime;

namespace Hafen.Engine.Monitors;

/// <summary>
/// The daemon's end of one monitor, for as long as that process lives. Failures arrive as <see cref="MonitorException"/>; a monitor that cannot be talked to
/// now as <see cref="MonitorUnreachableException"/>, after a short while; one that has ended as any other <see cref="IOException"/>. No request waits without a limit.
/// </summary>
public interface IMonitor : IAsyncDisposable
{
    /// <summary>Pid of the monitor process.</summary>
    int Pid { get; }

    /// <summary>What the monitor said when it was last connected to: whether its container runs, init's pid, the execs. Null until it has.</summary>
    MonitorHello? Greeting { get; }

    /// <summary>Why it cannot be talked to at this moment; null when nothing is known to be wrong.</summary>
    string? Trouble { get; }

    /// <summary>
    /// Events in order, for one reader; completes when the monitor's process is gone. An event counts as dealt with when the reader comes back for the next one: the
    /// monitor ends the clients' streams only then (after a second at most), so a client that sees the end finds the exit code.
    /// </summary>
    ChannelReader<MonitorEvent> Events { get; }

    /// <summary>Returns when the monitor has answered.</summary>
    Task AnswerAsync(CancellationToken cancellationToken);

    /// <summary>Ends the monitor's process, for one that hangs: its container's processes are not ended by that.</summary>
    void Kill();

    /// <summary>Makes the container; returns the init's pid on the host.</summary>
    Task<int> CreateAsync(MonitorCreate request, CancellationToken cancellationToken);

    /// <summary>Lets init execute the container's process; returns when execve has succeeded.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Hands the client's socket to the monitor, which owns it from then on (the caller still disposes its own descriptor).</summary>
    Task AttachAsync(MonitorAttach request, SafeHandle client, CancellationToken cancellationToken);

    /// <summary>Starts a further process; returns its pid on the host after execve has succeeded.</summary>
    Task<int> ExecAsync(MonitorExec request, SpecProcess process, SafeHandle? client, CancellationToken cancellationToken);

    /// <summary>Sets the terminal's size in characters; <paramref name="execId"/> null for the container.</summary>
    Task ResizeAsync(string? execId, int height, int width, CancellationToken cancellationToken);

    /// <summary>Sends a signal to the container's init or to an exec's process.</summary>
    Task SignalAsync(string? execId, int signal, CancellationToken cancellationToken);
}

/// <summary>Starts monitors and finds those that outlived an earlier daemon.</summary>
public interface IMonitors
{
    /// <summary>Starts a monitor process for a container whose state folder is <c>/run/hafen/containers/ID</c>.</summary>
    Task<IMonitor> LaunchAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>
    /// The monitor of a container that an earlier daemon started; null when the kernel says that there is no such process. It is connected to in the background,
    /// so this takes no time, whatever state the monitor is in.
    /// </summary>
    /// <exception cref="Hafen.Linux.LinuxException">The kernel cannot say now; ask again.</exception>
    IMonitor? Find(string containerId);

    /// <summary>What the monitor of an ended container left in its <c>exit</c> file; null when there is none.</summary>
    MonitorExited? ReadExit(string containerId);

    /// <summary>Why a monitor ended that should not have; null when it said nothing.</summary>
    string? ReadFailure(string containerId);

    /// <summary>Removes the state folder of a container that is gone.</summary>
    void RemoveState(string containerId);
}

/// <summary>A monitor's failure as an exception.</summary>
public sealed class MonitorException(Failure failure) : HafenException(failure.Kind, failure.Message)
{
    public Failure Failure { get; } = failure;
}
