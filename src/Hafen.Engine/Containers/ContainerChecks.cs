using Hafen.Engine.Monitors;
using Hafen.Engine.State;
using Hafen.Errors;

namespace Hafen.Engine.Containers;

/// <summary>What use cases demand of a container, with Docker's messages.</summary>
internal static class ContainerChecks
{
    /// <exception cref="EngineException">There is no process.</exception>
    public static void RequireProcess(Container container)
    {
        if (container.Status == ContainerStatus.Restarting)
            throw EngineException.Conflict($"Container {container.Id} is restarting, wait until the container is running");
        if (!Transitions.HasProcess(container.Status))
            throw EngineException.Conflict($"container {container.Id} is not running");
    }

    /// <summary>What is said when its monitor cannot be talked to: the container runs on, and so does the search for the monitor.</summary>
    public static EngineException Unreachable(Container container, MonitorUnreachableException? reason)
    {
        string monitor = container.Monitor is { Pid: > 0 and var pid } ? $"its monitor (process {pid})" : "its monitor";
        string why = reason?.Message ?? container.Monitor?.Trouble ?? "it is being looked for";
        return new EngineException(
            ErrorKind.Unavailable, $"container {container.Id} runs, but {monitor} cannot be reached: {why}; try again later", reason);
    }

    /// <summary>Returns when the monitor of a running container has answered; at once when there is no process.</summary>
    /// <exception cref="EngineException">It cannot be reached now.</exception>
    public static async Task RequireMonitorAsync(Container container, CancellationToken cancellationToken)
    {
        if (!Transitions.HasProcess(container.Status))
            return;
        var monitor = container.Monitor;
        try
        {
            if (monitor is not null)
                await monitor.AnswerAsync(cancellationToken);
            else if (Transitions.HasProcess(container.Status))
                throw Unreachable(container, null);
        }
        catch (MonitorUnreachableException exception)
        {
            throw Unreachable(container, exception);
        }
        catch (IOException)
        {
            // It is ending at this moment.
        }
    }

    /// <exception cref="EngineException">Nothing can be executed in it now.</exception>
    public static void RequireExecutable(Container container, string reference)
    {
        if (container.Status == ContainerStatus.Paused)
            throw EngineException.Conflict($"Container {reference} is paused, unpause the container before exec");
        RequireProcess(container);
    }
}
