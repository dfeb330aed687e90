using System.Globalization;
using Hafen.Linux.Procfs;

namespace Hafen.Engine.Monitors;

/// <summary>
/// The file <c>monitor.pid</c> in a container's state folder: <c>PID START</c>, the start in the kernel's ticks since boot (proc(5)). A pid alone may be
/// another process by now; both together name one for good. Written by the daemon right after the launch and never synced: it means nothing after a reboot.
/// </summary>
internal static class MonitorPidFile
{
    private const string Name = "monitor.pid";

    /// <summary>A monitor that cannot be noted is found by its command line; a start does not fail for that.</summary>
    public static void Write(string stateFolder, int pid)
    {
        if (!ProcessStat.TryRead(pid, out var stat))
            return;
        try
        {
            File.WriteAllText(Path.Combine(stateFolder, Name), string.Create(CultureInfo.InvariantCulture, $"{pid} {stat.StartTime}\n"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Said above.
        }
    }

    /// <summary>Pid and start; null when there is no file, or none that says both.</summary>
    public static (int Pid, ulong StartTime)? TryRead(string stateFolder)
    {
        try
        {
            return Parse(File.ReadAllText(Path.Combine(stateFolder, Name)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A line that was cut off in its middle says nothing: its number would be another one.</summary>
    internal static (int Pid, ulong StartTime)? Parse(string text)
        => text.EndsWith('\n') && text[..^1].Split(' ') is [var first, var second]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0
            && ulong.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out ulong start)
            ? (pid, start)
            : null;
}
