using Hafen.Engine.State;
using Hafen.Errors;

namespace Hafen.Engine.Containers.Start;

/// <summary>What a start that has failed makes of its container: it remembers why, those who wait are told, and with <c>--rm</c> it goes.</summary>
internal sealed class FailStart(ContainerStore containers, DeleteContainer delete)
{
    /// <param name="container">The caller holds its gate, and has undone the start.</param>
    /// <param name="failure">What the client is told.</param>
    /// <param name="exitCode">The exit code that Docker gives to such a failure.</param>
    public async Task RunAsync(Container container, EngineException failure, int exitCode)
    {
        container.Attachments.Drop();
        ContainerState Failed(ContainerState s) => s with { Pid = 0, ExitCode = exitCode, Error = failure.Message, Endpoints = null };
        if (container.IsRunning)
        {
            // A container whose restart fails has counted as running until now, and nothing will start it any more.
            var (_, waiting, _) = container.EndRun(ContainerChange.StartFailed, Failed);
            containers.SaveState(container);
            waiting.Complete(new WaitResult(exitCode, failure.Message));
        }
        else
        {
            container.Transit(ContainerChange.StartFailed, Failed);
            containers.SaveState(container);
        }
        if (!container.Record.HostConfig.AutoRemove)
            return;
        try
        {
            await delete.RunAsync(container, removeVolumes: true);
        }
        catch (HafenException)
        {
            // It is logged, and dead: the client is told why the start failed.
        }
    }
}
