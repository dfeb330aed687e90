using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Hafen.Linux.Procfs;

/// <summary>One process as <c>ps</c> sees it; what only some columns need is read when asked for.</summary>
internal sealed class PsProcess
{
    private readonly ProcessStat _stat;
    private ProcessStatus? _status;

    private PsProcess(ProcessStat stat, PsHost host)
    {
        _stat = stat;
        Host = host;
    }

    public PsHost Host { get; }

    public ref readonly ProcessStat Stat => ref _stat;

    public ProcessStatus Status => _status ??= ProcessStatus.TryRead(_stat.Pid, out var status) ? status : default;

    public bool IsZombie => _stat.State == 'Z';

    /// <summary>Seconds on a CPU.</summary>
    public long CpuSeconds => (long)((_stat.Utime + _stat.Stime) / PsHost.TicksPerSecond);

    /// <summary>Seconds since it started.</summary>
    public long ElapsedSeconds => Math.Max(0, (long)Host.Uptime - (long)_stat.StartTime / PsHost.TicksPerSecond);

    /// <summary>When it started, local time.</summary>
    public DateTime Started => Host.Boot.AddSeconds((long)_stat.StartTime / PsHost.TicksPerSecond).ToLocalTime();

    /// <summary>CPU time over life time, in tenths of a percent.</summary>
    public long CpuPerMille
    {
        get
        {
            long elapsed = ElapsedSeconds;
            return elapsed == 0 ? 0 : (long)(_stat.Utime + _stat.Stime) * 1000 / PsHost.TicksPerSecond / elapsed;
        }
    }

    /// <summary>From the status, which is exact; the stat's number lags behind by some pages a CPU.</summary>
    public long ResidentKiB => (long)Status.VmResidentKiB;

    public static bool TryRead(int pid, PsHost host, [NotNullWhen(true)] out PsProcess? process)
    {
        process = ProcessStat.TryRead(pid, out var stat) ? new PsProcess(stat, host) : null;
        return process is not null;
    }

    /// <summary>The executable's short name, marked when the process is only waiting to be collected.</summary>
    public string ShortName => IsZombie ? $"{_stat.Comm} <defunct>" : _stat.Comm;

    /// <summary>The arguments, or the short name in brackets when there are none (kernel threads, zombies).</summary>
    public string CommandLine
    {
        get
        {
            byte[] text = TryReadAll("cmdline");
            if (text.Length == 0)
                return IsZombie ? $"[{_stat.Comm}] <defunct>" : $"[{_stat.Comm}]";
            string line = Encoding.UTF8.GetString(text.AsSpan().TrimEnd((byte)0)).Replace('\0', ' ');
            return string.Create(line.Length, line, (cells, source) =>
            {
                // One row a process: what would move the terminal's cursor is shown as a question mark.
                for (int i = 0; i < cells.Length; i++)
                    cells[i] = char.IsControl(source[i]) ? '?' : source[i];
            });
        }
    }

    /// <summary>The kernel function it sleeps in, a dash when it runs.</summary>
    public string WaitChannel
    {
        get
        {
            string name = Encoding.ASCII.GetString(TryReadAll("wchan")).Trim();
            return name is "" or "0" ? "-" : name;
        }
    }

    /// <summary>Its cgroups, in one word.</summary>
    public string Cgroups =>
        string.Join(',', ProcessCgroup.Read(_stat.Pid).Where(line => line.Path != "/").Select(line => $"{line.HierarchyId}:{line.Label}:{line.Path}"))
            is { Length: > 0 } text ? text : "-";

    private byte[] TryReadAll(string file)
    {
        try
        {
            return ProcFile.ReadAll($"/proc/{_stat.Pid}/{file}");
        }
        catch (LinuxException)
        {
            return [];
        }
    }
}
