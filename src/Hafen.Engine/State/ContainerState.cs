using Hafen.Api;
using Hafen.Networking;

namespace Hafen.Engine.State;

/// <summary>
/// What has happened to a container; written as a <see cref="Disk.StoredState"/>. Replaced as a whole but not fsynced: after a crash of the machine no process of it
/// is left, and what matters then stands in <see cref="ContainerRecord"/>.
/// </summary>
public sealed record ContainerState
{
    public required ContainerStatus Status { get; init; }

    /// <summary>Init's pid on the host, 0 when there is none.</summary>
    public int Pid { get; init; }

    public int ExitCode { get; init; }

    /// <summary>Why the last start failed.</summary>
    public string? Error { get; init; }

    public bool OomKilled { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Restarts by the policy since a person started the container.</summary>
    public int RestartCount { get; init; }

    /// <summary>A person stopped it, so <c>unless-stopped</c> leaves it alone.</summary>
    public bool StoppedByHand { get; init; }

    /// <summary>It has run at least once, so its writable layer may differ from the image.</summary>
    public bool HasRun { get; init; }

    /// <summary>The endpoints it holds while it runs.</summary>
    public Endpoint[]? Endpoints { get; init; }

    /// <summary>Its removal, which has begun, takes its anonymous volumes with it.</summary>
    public bool RemovesVolumes { get; init; }

    /// <summary>What its health check has found; null without one.</summary>
    public HealthInfo? Health { get; init; }

    /// <summary>The host's boot (<c>/proc/sys/kernel/random/boot_id</c>) in which it was started.</summary>
    public string? BootId { get; init; }
}
