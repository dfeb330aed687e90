using System.Diagnostics;

namespace Hafen.Monitor.Protocol;

/// <summary>CLOCK_MONOTONIC: the one clock that all processes of a host share and nobody sets.</summary>
public static class MonotonicClock
{
    /// <summary>Milliseconds since some moment of this boot.</summary>
    public static long Milliseconds => (long)(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000.0));
}
