using Hafen.Engine.Containers;
using Hafen.Engine.Health;
using Hafen.Engine.Monitors;
using Hafen.Engine.Restart;
using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Networking;

namespace Hafen.Engine.Reconcile;

/// <summary>
/// Brings together what the disk says, what the monitors say and what the kernel says when the daemon starts. Whatever an earlier daemon left,
/// in whatever state, never keeps this one from starting.
/// </summary>
public static class OpenEngine
{
    public static async Task OpenAsync(this ContainerEngine engine, CancellationToken cancellationToken)
    {
        EmptyPlaces.Note(engine);

        // 1. The disk.
        engine.Store.Load(out var halfMade);
        foreach (string folder in halfMade) Leftovers.Try(engine, folder, () => Directory.Delete(folder, recursive: true));
        foreach (string id in engine.Store.Unreadable) EngineLog.LeftoverKept(engine.Log, "container " + id, "its record is not understood");
        await OpenNetworksAsync(engine, cancellationToken).ConfigureAwait(false);

        // 2. The kernel: whose monitors are there, who has ended meanwhile.
        await AdoptContainers.AdoptAllAsync(engine, cancellationToken).ConfigureAwait(false);

        // 3. The networks know who is left.
        var endpoints = engine.Store.All.SelectMany(c => c.State.Endpoints ?? []).ToList();
        try
        {
            await engine.Rooms.Networks.RestoreAsync(endpoints, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            EngineLog.LeftoverKept(engine.Log, "networks", e.Message);
        }

        // 4. What belongs to nobody.
        Leftovers.Remove(engine);

        // 5. Listen to those who run; finish what was begun; start what should run.
        var starts = new List<Task>();
        foreach (var container in engine.Store.All)
        {
            if (container.Monitor is { } monitor) engine.BeginListening(container, monitor);
            else if (Transitions.HasProcess(container.Status)) _ = engine.Background.Run(() => AdoptContainers.SearchAsync(engine, container));
            else if (StrayMonitors.MayBe(engine, container)) FinishAfterStray(engine, container);
            else if (await FinishAsync(engine, container).ConfigureAwait(false) is { } start) starts.Add(start);
        }

        // 6. Who asks a daemon that has just come up finds what is to run running, as far as that can be waited for.
        await Task.WhenAll(starts).WaitAsync(engine.Options.StartsAtOpenLimit, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var counts = engine.CountContainers();
        EngineLog.Reconciled(engine.Log, counts.Total, counts.Running);
    }

    /// <summary>A host on which no bridge can be had still has the networks <c>none</c> and <c>host</c>. What the operator set wrong is not put up with.</summary>
    private static async Task OpenNetworksAsync(ContainerEngine engine, CancellationToken cancellationToken)
    {
        var networks = engine.Rooms.Networks;
        try
        {
            await networks.OpenAsync(cancellationToken).ConfigureAwait(false);
            engine.Warnings = networks.Warnings;
            foreach (string warning in networks.Warnings) EngineLog.HostWarning(engine.Log, warning);
        }
        catch (Exception e) when (e is not (OperationCanceledException or NetworkException { Kind: ErrorKind.InvalidParameter }))
        {
            engine.Warnings = [$"the default bridge does not work: {e.Message}"];
            EngineLog.NetworksFailed(engine.Log, e.Message);
        }
    }

    internal static void BeginListening(this ContainerEngine engine, Container container, IMonitor monitor)
    {
        engine.BeginHealthChecks(container);
        container.Watch = engine.WatchAsync(container, monitor);
    }

    /// <summary>A monitor that hangs does not hold up the daemon; the container's gate is taken before anybody can ask for anything.</summary>
    private static void FinishAfterStray(ContainerEngine engine, Container container)
    {
        var entered = container.EnterAsync(CancellationToken.None).AsTask();
        engine.Background.Run(async () =>
        {
            using (await entered.ConfigureAwait(false))
                if (!await StrayMonitors.EndAsync(engine, container).ConfigureAwait(false)) return;
            await FinishAsync(engine, container).ConfigureAwait(false);
        });
    }

    /// <summary>Completes removals, removes <c>--rm</c> containers that have ended, starts those whose policy says so.</summary>
    /// <returns>The start that has begun.</returns>
    internal static async Task<Task?> FinishAsync(ContainerEngine engine, Container container)
    {
        var policy = container.Record.HostConfig.RestartPolicy;
        using var _ = await container.EnterAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            switch (container.Status)
            {
                case ContainerStatus.Removing:
                    container.Transit(ContainerChange.RemovalFailed, static s => s);
                    await engine.RemoveOwnedAsync(container, container.State.RemovesVolumes).ConfigureAwait(false);
                    return null;
                case ContainerStatus.Restarting:
                    container.Transit(ContainerChange.Exited, static s => s);
                    break;
                case ContainerStatus.Created when !container.State.HasRun:
                    return null;
            }
            var state = container.State;
            if (container.Status == ContainerStatus.Exited && container.Record.HostConfig.AutoRemove)
            {
                await engine.RemoveOwnedAsync(container, removeVolumes: true).ConfigureAwait(false);
                return null;
            }
            if (!RestartDecision.StartsAtBoot(policy, state.StoppedByHand, state.ExitCode, state.RestartCount)) return null;
            return engine.Background.Run(() => StartAgainAsync(engine, container));
        }
        catch (HafenException e)
        {
            EngineLog.StepFailed(engine.Log, container.Id, "finish what was begun", e.Message);
            return null;
        }
    }

    private static async Task StartAgainAsync(ContainerEngine engine, Container container)
    {
        try
        {
            using var _ = await container.EnterAsync(engine.Stopping.Token).ConfigureAwait(false);
            if (container.Status is ContainerStatus.Exited or ContainerStatus.Created) await engine.StartOwnedAsync(container).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The daemon ends again.
        }
        catch (HafenException e)
        {
            EngineLog.RestartFailed(engine.Log, e, container.Id);
        }
    }
}
