using Hafen.Engine.State;

namespace Hafen.Engine.Containers;

/// <summary>What use cases demand of a container, with Docker's messages.</summary>
internal static class ContainerChecks
{
    /// <exception cref="EngineException">There is no process.</exception>
    public static void RequireProcess(Container container)
    {
        if (container.Status == ContainerStatus.Restarting)
            throw EngineException.Conflict($"Container {container.Id} is restarting, wait until the container is running");
        if (!Transitions.HasProcess(container.Status)) throw EngineException.Conflict($"container {container.Id} is not running");
    }

    /// <exception cref="EngineException">Nothing can be executed in it now.</exception>
    public static void RequireExecutable(Container container, string reference)
    {
        if (container.Status == ContainerStatus.Paused)
            throw EngineException.Conflict($"Container {reference} is paused, unpause the container before exec");
        RequireProcess(container);
    }
}
