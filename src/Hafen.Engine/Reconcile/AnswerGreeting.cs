using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Exec;
using Hafen.Engine.Monitors;
using Hafen.Errors;
using Hafen.Monitor.Protocol;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Reconcile;

/// <summary>A monitor has said who it is: deals with what happened while nobody listened to it.</summary>
internal sealed class AnswerGreeting(ExecTable execs, ExecEnd end, Adoption adoption, BackgroundWork background, ILogger log)
{
    public void Run(Container container, ContainerRun run, MonitorGreeted greeted)
    {
        if (greeted.Again)
            EngineLog.MonitorFoundAgain(log, container.Id);
        if (greeted.Hello.LostLogLines is > 0 and var lost)
            EngineLog.LogLinesLost(log, container.Id, lost);
        end.HandleMissed(container, run, greeted.Hello.Execs);
        foreach (var exec in greeted.Hello.Execs)
            AdoptExec(container, run, exec);
        adoption.Settle(container.Id);
        // The daemon that was about to start it died in between: the process that counts has never been executed, and nobody is left to say that it shall be.
        if (greeted.Hello.State is MonitorState.Empty or MonitorState.Created)
            background.Run(() => EndUnstartedAsync(run.Monitor), nameof(AnswerGreeting));
    }

    private static async Task EndUnstartedAsync(IMonitor monitor)
    {
        try
        {
            await monitor.SignalAsync(null, SignalText.SIGKILL, CancellationToken.None);
            // Answered when nothing of it is left; the monitor ends then.
            await monitor.StartAsync(CancellationToken.None);
        }
        catch (MonitorException exception) when (exception.Failure.Kind != ErrorKind.NotRunning)
        {
            return;
        }
        catch (Exception exception) when (exception is IOException or MonitorException)
        {
            // It has no container, or hangs again.
        }
        monitor.Kill();
    }

    /// <summary>Its client still holds the stream and will ask for the exit code; what was asked for is not known any more.</summary>
    private void AdoptExec(Container container, ContainerRun run, MonitorExecState exec)
    {
        if (execs.TryGet(exec.ExecId, out _))
            return;
        var session = new ExecSession(exec.ExecId, container, run, new ExecCreateRequest { Cmd = [""] }, []);
        session.Begin();
        session.Started(exec.Pid);
        run.Execs[session.Id] = session;
        execs.Add(session);
    }
}
