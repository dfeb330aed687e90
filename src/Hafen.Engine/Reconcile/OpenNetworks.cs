using Hafen.Engine.Containers;
using Hafen.Errors;
using Hafen.Networking;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Reconcile;

/// <summary>Makes the networks ready, and tells them who is left in them.</summary>
internal sealed class OpenNetworks(INetworks networks, ContainerStore containers, HostWarnings warnings, ILogger log)
{
    /// <summary>A host on which no bridge can be had still has the networks <c>none</c> and <c>host</c>.</summary>
    /// <exception cref="NetworkException">What the operator set is wrong, and is not put up with.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await networks.OpenAsync(cancellationToken);
            warnings.Replace(networks.Warnings);
            foreach (string warning in networks.Warnings)
                EngineLog.HostWarning(log, warning);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or NetworkException { Kind: ErrorKind.InvalidParameter }))
        {
            warnings.Replace([$"the default bridge does not work: {exception.Message}"]);
            EngineLog.NetworksFailed(log, exception.Message);
        }
    }

    /// <summary>Whatever belongs to no container that runs is free again.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        var running = containers.All.Where(static container => container.State.Endpoints is { Length: > 0 })
            .Select(static container => new RunningSandbox(container.Id, container.State.Pid, container.State.Endpoints!)).ToList();
        try
        {
            await networks.RestoreAsync(running, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            EngineLog.LeftoverKept(log, "networks", exception.Message);
        }
    }
}
