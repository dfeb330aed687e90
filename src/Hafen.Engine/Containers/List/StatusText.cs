using Hafen.Engine.Health;
using Hafen.Engine.State;

namespace Hafen.Engine.Containers.List;

/// <summary>The <c>STATUS</c> column of <c>docker ps</c>.</summary>
internal static class StatusText
{
    public static string Of(ContainerState state, DateTimeOffset now)
    {
        string up = HumanDuration.Of(now - (state.StartedAt ?? now));
        string ago = HumanDuration.Of(now - (state.FinishedAt ?? now));
        return state.Status switch
        {
            ContainerStatus.Running => state.Health?.Status switch
            {
                null => $"Up {up}",
                HealthStatus.Starting => $"Up {up} (health: starting)",
                var health => $"Up {up} ({health})",
            },
            ContainerStatus.Paused => $"Up {up} (Paused)",
            ContainerStatus.Restarting => $"Restarting ({state.ExitCode}) {ago} ago",
            ContainerStatus.Removing => "Removal In Progress",
            ContainerStatus.Dead => "Dead",
            ContainerStatus.Created => "Created",
            _ => state.FinishedAt is null ? "" : $"Exited ({state.ExitCode}) {ago} ago",
        };
    }
}
