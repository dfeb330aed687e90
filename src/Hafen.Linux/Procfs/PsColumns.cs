using System.Globalization;

namespace Hafen.Linux.Procfs;

/// <summary>The columns that can be asked for by name (ps(1), "STANDARD FORMAT SPECIFIERS").</summary>
internal static class PsColumns
{
    private const int NameWidth = 8, WaitChannelWidth = 6, PriorityBase = 60;

    /// <summary>Bits of the process flags that ps shows: forked without exec, used superuser rights.</summary>
    private const int FlagShift = 6;

    private static readonly IReadOnlyDictionary<string, PsColumn> s_table = Build();

    /// <summary>The column of a name, with an optional heading (<c>cmd=What</c>) and width (<c>user:20</c>).</summary>
    /// <exception cref="ProcessTableException">No such column.</exception>
    public static PsColumn Find(string specifier)
    {
        string name = specifier;
        string? title = null;
        int equals = name.IndexOf('=');
        if (equals >= 0)
            (title, name) = (name[(equals + 1)..], name[..equals]);
        int colon = name.IndexOf(':');
        int width = 0;
        if (colon >= 0)
        {
            if (!int.TryParse(name[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out width) || width == 0)
                throw new ProcessTableException($"ps: error: invalid column width in \"{specifier}\"");
            name = name[..colon];
        }

        if (!s_table.TryGetValue(name.ToLowerInvariant(), out var column))
            throw new ProcessTableException($"ps: error: unknown user-defined format specifier \"{name}\"");
        if (width > 0 && Named(name, width) is { } wider)
            column = column with { Cell = wider };
        return title is null ? column : column with { Title = title };
    }

    /// <summary>The column of a plain name; null when there is none.</summary>
    public static PsColumn? TryFind(string name) => s_table.GetValueOrDefault(name.ToLowerInvariant());

    private static Func<PsProcess, string>? Named(string name, int width) => name switch
    {
        "user" or "euser" or "uname" => process => PsFormat.Name(process.Host.User(process.Status.EffectiveUid), width),
        "ruser" => process => PsFormat.Name(process.Host.User(process.Status.RealUid), width),
        "group" or "egroup" => process => PsFormat.Name(process.Host.Group(process.Status.EffectiveGid), width),
        "rgroup" => process => PsFormat.Name(process.Host.Group(process.Status.RealGid), width),
        "suser" or "svuser" => process => PsFormat.Name(process.Host.User(process.Status.SavedUid), width),
        "wchan" or "wname" => process => Cut(process.WaitChannel, width),
        _ => null,
    };

    private static Dictionary<string, PsColumn> Build()
    {
        var table = new Dictionary<string, PsColumn>();
        void Add(string names, string title, Func<PsProcess, string> cell, Func<PsProcess, long>? number = null)
        {
            foreach (string name in names.Split(' '))
                table.Add(name, new PsColumn(title, cell, number));
        }

        void AddNumber(string names, string title, Func<PsProcess, long> value) =>
            Add(names, title, process => value(process).ToString(CultureInfo.InvariantCulture), value);

        AddNumber("pid", "PID", process => process.Stat.Pid);
        AddNumber("tgid", "TGID", process => process.Stat.Pid);
        AddNumber("tid", "TID", process => process.Stat.Pid);
        AddNumber("lwp", "LWP", process => process.Stat.Pid);
        AddNumber("spid", "SPID", process => process.Stat.Pid);
        AddNumber("ppid", "PPID", process => process.Stat.Ppid);
        AddNumber("pgid", "PGID", process => process.Stat.Pgrp);
        AddNumber("pgrp", "PGRP", process => process.Stat.Pgrp);
        AddNumber("sid", "SID", process => process.Stat.Session);
        AddNumber("sess session", "SESS", process => process.Stat.Session);
        AddNumber("tpgid", "TPGID", process => process.Stat.Tpgid);

        Add("user uname", "USER", Named("user", NameWidth)!);
        Add("euser", "EUSER", Named("user", NameWidth)!);
        Add("ruser", "RUSER", Named("ruser", NameWidth)!);
        Add("suser", "SUSER", Named("suser", NameWidth)!);
        Add("svuser", "SVUSER", Named("suser", NameWidth)!);
        Add("group", "GROUP", Named("group", NameWidth)!);
        Add("egroup", "EGROUP", Named("group", NameWidth)!);
        Add("rgroup", "RGROUP", Named("rgroup", NameWidth)!);
        AddNumber("uid", "UID", process => process.Status.EffectiveUid);
        AddNumber("euid", "EUID", process => process.Status.EffectiveUid);
        AddNumber("ruid", "RUID", process => process.Status.RealUid);
        AddNumber("suid", "SUID", process => process.Status.SavedUid);
        AddNumber("svuid", "SVUID", process => process.Status.SavedUid);
        AddNumber("fuid", "FUID", process => process.Status.FileSystemUid);
        AddNumber("gid", "GID", process => process.Status.EffectiveGid);
        AddNumber("egid", "EGID", process => process.Status.EffectiveGid);
        AddNumber("rgid", "RGID", process => process.Status.RealGid);
        AddNumber("sgid", "SGID", process => process.Status.SavedGid);
        AddNumber("svgid", "SVGID", process => process.Status.SavedGid);
        AddNumber("fgid", "FGID", process => process.Status.FileSystemGid);

        Add("comm ucomm", "COMMAND", process => process.ShortName);
        Add("ucmd", "CMD", process => process.ShortName);
        Add("args command", "COMMAND", process => process.CommandLine);
        Add("cmd", "CMD", process => process.CommandLine);

        AddNumber("c util", "C", process => Math.Min(99, process.CpuPerMille / 10));
        Add("%cpu pcpu", "%CPU", process => PsFormat.Percent(process.CpuPerMille), process => process.CpuPerMille);
        Add("%mem pmem", "%MEM", process => PsFormat.Percent(
            process.Host.MemoryKiB == 0 ? 0 : Math.Min(999, process.ResidentKiB * 1000 / (long)process.Host.MemoryKiB)), process => process.ResidentKiB);
        AddNumber("vsz vsize", "VSZ", process => (long)(process.Stat.VirtualSize / 1024));
        AddNumber("rss rssize", "RSS", process => process.ResidentKiB);
        AddNumber("rsz", "RSZ", process => process.ResidentKiB);
        AddNumber("sz", "SZ", process => (long)process.Stat.VirtualSize / PsHost.PageSize);
        AddNumber("min_flt", "MINFL", process => (long)process.Stat.MinorFaults);
        AddNumber("minflt", "MINFLT", process => (long)process.Stat.MinorFaults);
        AddNumber("maj_flt", "MAJFL", process => (long)process.Stat.MajorFaults);
        AddNumber("majflt", "MAJFLT", process => (long)process.Stat.MajorFaults);

        Add("stat", "STAT", PsFormat.State);
        Add("s state", "S", process => process.Stat.State.ToString());
        Add("tty tt", "TT", process => PsFormat.Terminal(process.Stat.TtyNr));
        Add("tname tty4 tty8 longtname", "TTY", process => PsFormat.Terminal(process.Stat.TtyNr));
        Add("f flag flags", "F", process => (process.Stat.Flags >> FlagShift & 7).ToString(CultureInfo.InvariantCulture));

        Add("time cputime atime", "TIME", process => PsFormat.Time(process.CpuSeconds), process => process.CpuSeconds);
        AddNumber("times cputimes", "TIME", process => process.CpuSeconds);
        Add("bsdtime", "TIME", process => PsFormat.ShortTime(process.CpuSeconds), process => process.CpuSeconds);
        Add("etime", "ELAPSED", process => PsFormat.Elapsed(process.ElapsedSeconds), process => process.ElapsedSeconds);
        AddNumber("etimes", "ELAPSED", process => process.ElapsedSeconds);
        Add("stime", "STIME", process => PsFormat.Start(process.Started, process.Host.Now), Began);
        Add("start_time", "START", process => PsFormat.Start(process.Started, process.Host.Now), Began);
        Add("start", "STARTED", process => PsFormat.RecentStart(process.Started, process.Host.Now, "HH:mm:ss"), Began);
        Add("bsdstart", "START", process => PsFormat.RecentStart(process.Started, process.Host.Now, "HH:mm"), Began);
        Add("lstart", "STARTED", process => PsFormat.LongStart(process.Started), Began);

        Add("ni nice", "NI", process => IsRealtime(process) ? "-" : process.Stat.Nice.ToString(CultureInfo.InvariantCulture));
        AddNumber("pri", "PRI", process => 39 - process.Stat.Priority);
        AddNumber("opri intpri", "PRI", process => PriorityBase + process.Stat.Priority);
        AddNumber("priority", "PRI", process => process.Stat.Priority);
        Add("rtprio", "RTPRIO", process => IsRealtime(process) ? process.Stat.RealtimePriority.ToString(CultureInfo.InvariantCulture) : "-");
        Add("cls class", "CLS", Policy);
        Add("policy", "POL", Policy);
        AddNumber("sched", "SCH", process => process.Stat.Policy);
        AddNumber("psr", "PSR", process => process.Stat.Processor);
        AddNumber("cpuid", "CPUID", process => process.Stat.Processor);
        AddNumber("nlwp", "NLWP", process => process.Stat.Threads);
        AddNumber("thcount", "THCNT", process => process.Stat.Threads);
        Add("wchan wname", "WCHAN", Named("wchan", WaitChannelWidth)!);
        Add("cgroup", "CGROUP", process => process.Cgroups);

        Add("sig pending", "PENDING", process => Mask(process.Status.SignalShared));
        Add("blocked sigmask", "BLOCKED", process => Mask(process.Status.SignalBlocked));
        Add("ignored sigignore", "IGNORED", process => Mask(process.Status.SignalIgnored));
        Add("caught sigcatch", "CAUGHT", process => Mask(process.Status.SignalCaught));

        // Parts of the ready-made layouts: the same content under another heading.
        Add("-uid", "UID", Named("user", NameWidth)!);
        Add("-addr", "ADDR", _ => "-");
        return table;
    }

    private static long Began(PsProcess process) => (long)process.Stat.StartTime;

    private static bool IsRealtime(PsProcess process) => process.Stat.Policy is 1 or 2;

    private static string Policy(PsProcess process) => process.Stat.Policy switch
    {
        0 => "TS",
        1 => "FF",
        2 => "RR",
        3 => "B",
        4 => "ISO",
        5 => "IDL",
        6 => "DLN",
        _ => "?",
    };

    private static string Mask(ulong mask) => mask.ToString("x16", CultureInfo.InvariantCulture);

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..width];
}
