namespace Hafen.Linux.Procfs;

/// <summary><c>/proc/&lt;pid&gt;/stat</c> (proc(5)); times in clock ticks.</summary>
public struct ProcessStat
{
    public int Pid;

    /// <summary>Name of the executable, cut to 15 bytes by the kernel, without the brackets.</summary>
    public string Comm;

    /// <summary><c>R S D Z T t X I</c>.</summary>
    public char State;
    public int Ppid;
    public int Pgrp;
    public int Session;

    /// <summary>Device number of the controlling terminal, zero for none.</summary>
    public int TtyNr;

    /// <summary>Foreground process group of the terminal, -1 for none.</summary>
    public int Tpgid;

    /// <summary><c>PF_…</c> bits (linux/sched.h).</summary>
    public uint Flags;
    public ulong MinorFaults;
    public ulong MajorFaults;
    public ulong Utime;
    public ulong Stime;
    public ulong ChildUtime;
    public ulong ChildStime;
    public long Priority;
    public long Nice;
    public long Threads;

    /// <summary>When the process started, in ticks since boot: with the pid it names a process uniquely.</summary>
    public ulong StartTime;

    /// <summary>Virtual size in bytes.</summary>
    public ulong VirtualSize;

    /// <summary>Resident pages.</summary>
    public long ResidentPages;
    public int Processor;
    public uint RealtimePriority;
    public uint Policy;

    /// <summary>The status word of wait4(2) that a zombie has for its parent; 0 while the process runs, and for those who may not trace it.</summary>
    public int ExitStatus;

    /// <summary>Reads a process; false when it is gone.</summary>
    public static bool TryRead(int pid, out ProcessStat stat)
    {
        Span<byte> buffer = stackalloc byte[1024];
        int length = ProcFile.TryRead($"/proc/{pid}/stat", buffer);
        if (length > 0)
            return TryParse(buffer[..length], out stat);
        stat = default;
        return false;
    }

    /// <summary>Parses the file's text. The name may itself hold spaces and brackets: the last closing bracket ends it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ProcessStat stat)
    {
        stat = default;
        int open = text.IndexOf((byte)'(');
        int end = text.LastIndexOf((byte)')');
        if (open < 2 || end < open || !FieldReader.TryInt32(text[..open].TrimEnd((byte)' '), out stat.Pid))
            return false;
        stat.Comm = System.Text.Encoding.UTF8.GetString(text[(open + 1)..end]);
        var fields = new FieldReader(text[(end + 1)..]);
        var state = fields.Next();
        if (state.Length != 1)
            return false;
        stat.State = (char)state[0];
        stat.Ppid = (int)fields.Int64();
        stat.Pgrp = (int)fields.Int64();
        stat.Session = (int)fields.Int64();
        stat.TtyNr = (int)fields.Int64();
        stat.Tpgid = (int)fields.Int64();
        stat.Flags = (uint)fields.UInt64();
        stat.MinorFaults = fields.UInt64();
        fields.Skip(1); // cminflt
        stat.MajorFaults = fields.UInt64();
        fields.Skip(1); // cmajflt
        stat.Utime = fields.UInt64();
        stat.Stime = fields.UInt64();
        stat.ChildUtime = fields.UInt64();
        stat.ChildStime = fields.UInt64();
        stat.Priority = fields.Int64();
        stat.Nice = fields.Int64();
        stat.Threads = fields.Int64();
        fields.Skip(1); // itrealvalue
        stat.StartTime = fields.UInt64();
        stat.VirtualSize = fields.UInt64();
        stat.ResidentPages = fields.Int64();
        fields.Skip(14); // rsslim … exit_signal
        stat.Processor = (int)fields.Int64();
        stat.RealtimePriority = (uint)fields.UInt64();
        stat.Policy = (uint)fields.UInt64();
        fields.Skip(10); // delayacct_blkio_ticks … env_end
        stat.ExitStatus = (int)fields.Int64();
        return !fields.Failed;
    }
}
