using Hafen.Engine.Containers;
using Hafen.Engine.State;

namespace Hafen.Engine.Reconcile;

/// <summary>Goes on, in the background, until it is known what became of a container whose monitor could not be looked for.</summary>
internal sealed class SearchMonitor(AskAgain ask, SettleContainer settle, WatchRun watch, FinishContainer finish)
{
    public async Task RunAsync(Container container)
    {
        if (!await ask.UntilAnsweredAsync(container, "find its monitor", () => SettleAsync(container)))
            return;
        // One that has ended meanwhile is removed or started again, as its options say.
        if (!Transitions.HasProcess(container.Status))
            await finish.RunAsync(container);
    }

    private async Task SettleAsync(Container container)
    {
        using var _ = await container.EnterAsync(CancellationToken.None);
        if (container.Run is not null || !Transitions.HasProcess(container.Status))
            return;
        await settle.RunAsync(container);
        if (container.Run is { } run)
            watch.Begin(container, run);
    }
}
