using Hafen.Api;

namespace Hafen.Engine.Restart;

/// <summary>Whether and when a container is started again after its end (Docker's rules).</summary>
public static class RestartDecision
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_healthy = TimeSpan.FromSeconds(10);

    /// <summary>True when no restart is ever wanted.</summary>
    public static bool IsNone(RestartPolicy? policy) => policy?.Name is null or "" or "no";

    /// <summary>True when the policy starts the container again after this end.</summary>
    /// <param name="policy">The container's policy.</param>
    /// <param name="exitCode">Exit code of the process that ended.</param>
    /// <param name="restarts">Restarts already made since a person started the container.</param>
    /// <param name="stoppedByHand">A person stopped or killed it.</param>
    public static bool ShouldRestart(RestartPolicy? policy, int exitCode, int restarts, bool stoppedByHand)
    {
        if (stoppedByHand || IsNone(policy))
            return false;
        return policy!.Name switch
        {
            "always" or "unless-stopped" => true,
            "on-failure" => exitCode != 0 && (policy.MaximumRetryCount == 0 || restarts < policy.MaximumRetryCount),
            _ => false,
        };
    }

    /// <summary>The wait before the next restart: 100 ms, doubling up to a minute, from the beginning again once a run lasted 10 s.</summary>
    public static TimeSpan Delay(TimeSpan previous, TimeSpan ran)
    {
        if (previous == TimeSpan.Zero || ran >= s_healthy)
            return s_first;
        var doubled = previous * 2;
        return doubled < s_most ? doubled : s_most;
    }

    /// <summary>True when a container that does not run is started with the machine or the daemon.</summary>
    public static bool StartsAtBoot(RestartPolicy? policy, bool stoppedByHand, int exitCode, int restarts) => policy?.Name switch
    {
        "always" => true,
        "unless-stopped" => !stoppedByHand,
        "on-failure" => ShouldRestart(policy, exitCode, restarts, stoppedByHand),
        _ => false,
    };
}
