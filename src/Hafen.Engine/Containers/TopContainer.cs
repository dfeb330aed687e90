using Hafen.Api;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Procfs;

namespace Hafen.Engine.Containers;

/// <summary>The processes of a container.</summary>
public sealed class TopContainer
{
    private readonly ContainerStore _containers;
    private readonly ContainerCgroups _cgroups;
    private readonly ContainerEvents _events;

    internal TopContainer(ContainerStore containers, ContainerCgroups cgroups, ContainerEvents events)
    {
        _containers = containers;
        _cgroups = cgroups;
        _events = events;
    }

    /// <param name="reference">ID, name or prefix.</param>
    /// <param name="arguments">Arguments of <c>ps</c>; null or empty for <c>-ef</c>.</param>
    /// <param name="cancellationToken">Gives up waiting for a start.</param>
    /// <exception cref="EngineException">It does not run, or the arguments are not understood.</exception>
    public async Task<ContainerTop> RunAsync(string reference, string? arguments, CancellationToken cancellationToken)
    {
        var container = await _containers.GetSettledAsync(reference, cancellationToken);
        ContainerChecks.RequireProcess(container);
        try
        {
            using var cgroup = _cgroups.Open(container);
            var table = ProcessTable.List(cgroup.Pids(), string.IsNullOrEmpty(arguments) ? "-ef" : arguments);
            _events.Publish(container, "top");
            return new ContainerTop { Titles = table.Titles, Processes = table.Processes };
        }
        catch (ProcessTableException exception)
        {
            throw new EngineException(ErrorKind.InvalidParameter, exception.Message, exception);
        }
        catch (Exception exception) when (exception is LinuxException or CgroupException or IOException)
        {
            throw new EngineException(ErrorKind.System, $"container {container.Id}: {exception.Message}", exception);
        }
    }
}
