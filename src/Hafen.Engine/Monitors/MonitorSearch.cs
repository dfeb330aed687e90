using System.Text;
using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;
using Hafen.Linux.Procfs;
using Hafen.Monitor;

namespace Hafen.Engine.Monitors;

/// <summary>Finds the processes of monitors that an earlier daemon started.</summary>
internal static class MonitorSearch
{
    private const int LongestCommandLine = 16 * 1024;

    /// <summary>The process with this pid, if it is the one that started then.</summary>
    /// <returns>Null when that one is gone.</returns>
    /// <exception cref="LinuxException">The kernel cannot say now, for want of descriptors for example.</exception>
    public static Descriptor? Open(int pid, ulong startTime)
    {
        var descriptor = TryOpen(pid);
        if (descriptor is null)
            return null;
        // In this order: what the descriptor names cannot become another process while the pid is looked at, or has ended, which is asked last.
        if (ProcessStat.TryRead(pid, out var stat) && stat.StartTime == startTime && !Pidfd.HasEnded(descriptor.Number))
            return descriptor;
        descriptor.Dispose();
        return null;
    }

    /// <summary>The process with this pid, if it is this container's monitor.</summary>
    /// <exception cref="LinuxException">The kernel cannot say now.</exception>
    public static Descriptor? Open(int pid, string containerId)
    {
        var descriptor = TryOpen(pid);
        if (descriptor is null)
            return null;
        if (ContainerOf(pid) == containerId && !Pidfd.HasEnded(descriptor.Number))
            return descriptor;
        descriptor.Dispose();
        return null;
    }

    /// <summary>The pids of all monitors of this host by container, told by their command lines.</summary>
    public static Dictionary<string, int> All()
    {
        var all = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder.AsSpan()), out int pid) || ContainerOf(pid) is not { } id)
                continue;
            if (!all.TryGetValue(id, out int other) || IsOlder(pid, other))
                all[id] = pid;
        }
        return all;
    }

    /// <summary>A child of a monitor has its command line until it executes a program: of two, the one that started first is the monitor.</summary>
    private static bool IsOlder(int pid, int other)
    {
        if (!ProcessStat.TryRead(pid, out var stat))
            return false;
        if (!ProcessStat.TryRead(other, out var otherStat))
            return true;
        return stat.StartTime != otherStat.StartTime ? stat.StartTime < otherStat.StartTime : otherStat.Ppid == pid;
    }

    /// <summary>The container whose monitor has this command line, of which each argument ends in a NUL; null for anything else.</summary>
    internal static string? ContainerOf(ReadOnlySpan<byte> commandLine)
        => Encoding.UTF8.GetString(commandLine).Split('\0') is [_, "monitor", MonitorArguments.Id, var id, MonitorArguments.State, _, ""] ? id : null;

    private static string? ContainerOf(int pid)
    {
        Span<byte> buffer = stackalloc byte[LongestCommandLine];
        int length = ProcFile.TryRead($"/proc/{pid}/cmdline", buffer);
        return length > 0 && length < buffer.Length ? ContainerOf(buffer[..length]) : null;
    }

    private static Descriptor? TryOpen(int pid)
    {
        try
        {
            return Pidfd.Open(pid);
        }
        catch (LinuxException exception) when (exception.Number is Errno.ESRCH or Errno.EINVAL)
        {
            // EINVAL: a thread of that number, no process.
            return null;
        }
    }
}
