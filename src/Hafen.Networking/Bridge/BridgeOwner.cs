using System.Globalization;
using Hafen.Linux.Procfs;

namespace Hafen.Networking.Bridge;

/// <summary>
/// The daemon that keeps a bridge, written to it as its alias (<c>ip link … alias</c>): <c>hafend PID STARTTIME</c>. Two daemons that kept one bridge would remove
/// each other's ports and rules. The alias outlives its daemon, so it counts only while that process runs; the start time (clock ticks since boot, proc(5)) tells
/// it from a later one with the same number.
/// </summary>
public static class BridgeOwner
{
    private const string Program = "hafend";

    /// <summary>The alias of a bridge that this process keeps.</summary>
    public static string Alias => AliasOf(Environment.ProcessId);

    /// <summary>The alias of a bridge that a process keeps.</summary>
    public static string AliasOf(int pid) =>
        string.Create(CultureInfo.InvariantCulture, $"{Program} {pid} {(ProcessStat.TryRead(pid, out var stat) ? stat.StartTime : 0)}");

    /// <summary>The process that keeps a bridge; null when that is this one, or runs no more, or the alias says nothing of the kind.</summary>
    public static int? Other(string? alias) =>
        alias?.Split(' ') is [Program, var number, _]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
        && pid != Environment.ProcessId && ProcessStat.TryRead(pid, out var stat) && stat.State is not ('Z' or 'X') && alias == AliasOf(pid)
            ? pid
            : null;
}
