namespace Hafen.Engine.Monitors;

/// <summary>How long a monitor is waited for. A hung one must hold up nobody; a busy one is not hung.</summary>
internal sealed record MonitorLimits
{
    public static MonitorLimits Default { get; } = new();

    /// <summary>The clock that all of this is measured by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>For the greeting of a monitor that was just started.</summary>
    public TimeSpan Launch { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For a connection while there is none, or for a sign of life of one that is silent.</summary>
    public TimeSpan Ready { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For the answer to a signal: there is another way.</summary>
    public TimeSpan Signal { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For an answer to anything. A request that may take longer is still waited for as long as the monitor answers others.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For the making of a container, during which the monitor answers nothing else.</summary>
    public TimeSpan Create { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For a start or an exec, from the request to the execve, by a monitor that answers.</summary>
    public TimeSpan Start { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Between two attempts to connect: the first pause, doubled each time, and the longest.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between the end of the process and the end of its connection, which brings what it said last.</summary>
    public TimeSpan LastWords { get; init; } = TimeSpan.FromSeconds(1);
}
