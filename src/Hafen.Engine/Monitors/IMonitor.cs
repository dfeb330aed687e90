using System.Runtime.InteropServices;
using System.Threading.Channels;
using Hafen.Monitor.Protocol;
using Hafen.Oci.Runtime;

namespace Hafen.Engine.Monitors;

/// <summary>The daemon's end of one monitor. Failures arrive as <see cref="MonitorException"/>; a lost connection as <see cref="IOException"/>.</summary>
public interface IMonitor : IAsyncDisposable
{
    /// <summary>Pid of the monitor process.</summary>
    int Pid { get; }

    /// <summary>What the monitor said when it was connected to: whether its container runs, init's pid, the execs.</summary>
    MonitorHello Greeting { get; }

    /// <summary>
    /// Events in order, for one reader; completes when the monitor is gone. An event counts as dealt with when the reader comes back for the next one: the
    /// monitor ends the clients' streams only then (after a second at most), so a client that sees the end finds the exit code.
    /// </summary>
    ChannelReader<MonitorEvent> Events { get; }

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

    /// <summary>Connects to a running monitor; null when none answers.</summary>
    Task<IMonitor?> ReconnectAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>What the monitor of an ended container left in its <c>exit</c> file; null when there is none.</summary>
    MonitorExited? ReadExit(string containerId);

    /// <summary>Removes the state folder of a container that is gone.</summary>
    void RemoveState(string containerId);
}

/// <summary>A monitor's failure as an exception.</summary>
public sealed class MonitorException(MonitorFailure failure) : Exception(failure.Message)
{
    public MonitorFailure Failure { get; } = failure;
}
