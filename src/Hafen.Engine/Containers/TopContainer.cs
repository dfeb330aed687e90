using Hafen.Api;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Procfs;

namespace Hafen.Engine.Containers;

/// <summary>The processes of a container.</summary>
public static class TopContainer
{
    /// <param name="arguments">Arguments of <c>ps</c>; null or empty for <c>-ef</c>.</param>
    /// <exception cref="EngineException">It does not run, or the arguments are not understood.</exception>
    public static ContainerTop TopContainerOf(this ContainerEngine engine, string reference, string? arguments)
    {
        var container = engine.Store.Get(reference);
        ContainerChecks.RequireProcess(container);
        try
        {
            using var cgroup = KillContainer.OpenCgroup(engine, container);
            var table = ProcessTable.List(cgroup.Pids(), string.IsNullOrEmpty(arguments) ? "-ef" : arguments);
            engine.Publish(container, "top");
            return new ContainerTop { Titles = table.Titles, Processes = table.Processes };
        }
        catch (ProcessTableException e)
        {
            throw new EngineException(ErrorKind.InvalidParameter, e.Message, e);
        }
        catch (Exception e) when (e is LinuxException or CgroupException or IOException)
        {
            throw new EngineException(ErrorKind.System, $"container {container.Id}: {e.Message}", e);
        }
    }
}
