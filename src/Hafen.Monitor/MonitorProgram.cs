using Hafen.Linux.Events;
using Hafen.Linux.Processes;
using Hafen.Logging.Files;
using Hafen.Monitor.Containers;

namespace Hafen.Monitor;

/// <summary>The verb <c>monitor</c> of <c>hafen-runtime</c>: <c>monitor --id ID --state FOLDER</c> with the daemon's connection as descriptor 3.</summary>
public static class MonitorProgram
{
    /// <summary>Runs until the container has ended.</summary>
    /// <param name="arguments">What follows the verb.</param>
    /// <returns>The exit code.</returns>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (arguments is [MonitorArguments.CompressLog])
            return CompressLog.Run(CompressLog.Source, CompressLog.Target);
        if (arguments is not [MonitorArguments.Id, var id, MonitorArguments.State, var state])
        {
            Console.Error.WriteLine("usage: hafen-runtime monitor --id ID --state FOLDER (started by hafend)");
            return 64;
        }

        ProcessControl.SetName("hafen-monitor");
        ProcessControl.BecomeSubreaper();

        // Nothing but its container's end ends a monitor; signals meant for the daemon's service pass it by.
        SignalMask.BlockInRuntime(SignalMask.SIGCHLD, SignalMask.SIGPIPE, SignalMask.SIGHUP, SignalMask.SIGINT, SignalMask.SIGTERM);
        try
        {
            using var monitor = new ContainerMonitor(id, state);
            monitor.Run(MonitorArguments.Connection);
            return 0;
        }
        catch (Exception exception)
        {
            FailureFile.Write(state, exception);
            return 1;
        }
    }
}
