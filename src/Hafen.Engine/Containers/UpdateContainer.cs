using Hafen.Api;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.Containers.Spec;
using Hafen.Engine.Restart;
using Hafen.Engine.State;
using Hafen.Linux;
using Hafen.Errors;
using Hafen.Linux.Cgroups;

namespace Hafen.Engine.Containers;

/// <summary>Changes limits and restart policy of a container, also while it runs.</summary>
public sealed class UpdateContainer
{
    private readonly ContainerStore _containers;
    private readonly ContainerCgroups _cgroups;
    private readonly ContainerEvents _events;
    private readonly HostFacts _host;

    internal UpdateContainer(ContainerStore containers, ContainerCgroups cgroups, ContainerEvents events, HostFacts host)
    {
        _containers = containers;
        _cgroups = cgroups;
        _events = events;
        _host = host;
    }

    /// <exception cref="EngineException">A value makes no sense, or the kernel refuses it; then nothing is changed.</exception>
    public async Task<ContainerUpdateResponse> RunAsync(string reference, ContainerUpdateRequest request, CancellationToken cancellationToken)
    {
        var warnings = new List<string>();
        NullBytes.Refuse(request);
        var limits = ValidateResources.Check(request, _host, update: true, warnings);
        ValidateHostConfig.CheckRestartPolicy(limits.RestartPolicy);
        var container = _containers.Get(reference);
        using var _ = await container.EnterAsync(cancellationToken);
        if (container.RemovalInProgress || container.Status is ContainerStatus.Removing or ContainerStatus.Dead)
        {
            throw new EngineException(
                ErrorKind.Conflict, $"Cannot update container {container.Id}: container is marked for removal and cannot be \"update\".");
        }

        var before = container.Record;
        PreviousSettings? kernel = null;
        try
        {
            // 1. What the limits become.
            if (Conflict(before.HostConfig, limits) is { } conflict)
                throw EngineException.Conflict(conflict);
            var merged = Merge(before.HostConfig, limits);

            // 2. The kernel decides whether they are possible.
            if (Transitions.HasProcess(container.Status))
                kernel = Apply(container, merged);

            // 3. Remember them.
            container.Change(before with { HostConfig = merged });
            _containers.SaveRecord(container);
        }
        catch (Exception exception)
        {
            container.Change(before);
            kernel?.Restore();
            var kind = exception is HafenException known ? known.Kind : ErrorKind.System;
            throw new EngineException(kind, $"Cannot update container {container.Id}: {exception.Message}", exception);
        }
        _events.Publish(container, "update");
        return new ContainerUpdateResponse { Warnings = warnings.Count == 0 ? null : [.. warnings] };
    }

    /// <summary>What of the request does not go with what the container has; null when all does. --cpus is a period and a quota by another name.</summary>
    private static string? Conflict(HostConfig now, ContainerUpdateRequest r)
    {
        if (r.NanoCpus > 0 && now.CpuPeriod > 0)
            return "Conflicting options: Nano CPUs cannot be updated as CPU Period has already been set";
        if (r.NanoCpus > 0 && now.CpuQuota > 0)
            return "Conflicting options: Nano CPUs cannot be updated as CPU Quota has already been set";
        if (r.CpuPeriod > 0 && now.NanoCpus > 0)
            return "Conflicting options: CPU Period cannot be updated as NanoCPUs has already been set";
        if (r.CpuQuota > 0 && now.NanoCpus > 0)
            return "Conflicting options: CPU Quota cannot be updated as NanoCPUs has already been set";
        if (r.Memory != 0 && r.MemorySwap == 0 && now.MemorySwap > 0 && r.Memory > now.MemorySwap)
            return "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time";
        if (now.AutoRemove && !RestartDecision.IsNone(r.RestartPolicy))
            return "Restart policy cannot be updated because AutoRemove is enabled for the container";
        return null;
    }

    /// <summary>Zero and null in the request leave a limit as it is, but for processes: any number that is not positive lifts that limit, which 0 stands for.</summary>
    private static HostConfig Merge(HostConfig now, ContainerUpdateRequest r)
        => now with
        {
            BlkioWeight = r.BlkioWeight != 0 ? r.BlkioWeight : now.BlkioWeight,
            CpuShares = r.CpuShares != 0 ? r.CpuShares : now.CpuShares,
            NanoCpus = r.NanoCpus != 0 ? r.NanoCpus : now.NanoCpus,
            CpuPeriod = r.CpuPeriod != 0 ? r.CpuPeriod : now.CpuPeriod,
            CpuQuota = r.CpuQuota != 0 ? r.CpuQuota : now.CpuQuota,
            CpusetCpus = string.IsNullOrEmpty(r.CpusetCpus) ? now.CpusetCpus : r.CpusetCpus,
            CpusetMems = string.IsNullOrEmpty(r.CpusetMems) ? now.CpusetMems : r.CpusetMems,
            Memory = r.Memory != 0 ? r.Memory : now.Memory,
            MemorySwap = r.MemorySwap != 0 ? r.MemorySwap : now.MemorySwap,
            MemoryReservation = r.MemoryReservation != 0 ? r.MemoryReservation : now.MemoryReservation,
            PidsLimit = r.PidsLimit is { } pids ? Math.Max(pids, 0) : now.PidsLimit,
            RestartPolicy = string.IsNullOrEmpty(r.RestartPolicy?.Name) ? now.RestartPolicy : r.RestartPolicy,
        };

    /// <summary>All of them, or none.</summary>
    /// <returns>Null when the last process has ended and nobody has said so yet: its next start has the new limits.</returns>
    private PreviousSettings? Apply(Container container, HostConfig limits)
    {
        using var cgroup = _cgroups.Open(container);
        try
        {
            return cgroup.Update(BuildResources.Limits(limits, HostDevices.Numbers));
        }
        catch (Exception exception) when (exception is LinuxException or CgroupException && !cgroup.Exists)
        {
            return null;
        }
    }
}
