using Hafen.Engine.Containers;
using Hafen.Engine.State;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Reconcile;

/// <summary>Finds out what became of the containers that an earlier daemon started; takes no longer when monitors hang.</summary>
internal sealed class AdoptContainers(ContainerStore containers, SettleContainer settle, ILogger log)
{
    private const int AtATime = 16;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(containers.All, options, async (container, _) =>
        {
            if (Transitions.HasProcess(container.Status))
                await AdoptAsync(container);
        });
    }

    private async Task AdoptAsync(Container container)
    {
        try
        {
            using var _ = await container.EnterAsync(CancellationToken.None);
            await settle.RunAsync(container);
        }
        catch (Exception exception)
        {
            // Not knowing is no end, and what is odd about one container keeps neither the others nor the daemon: it is looked for again.
            EngineLog.StepFailed(log, container.Id, "find its monitor", exception.Message);
        }
    }
}
