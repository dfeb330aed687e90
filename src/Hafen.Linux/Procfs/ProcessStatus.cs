using System.Buffers.Text;

namespace Hafen.Linux.Procfs;

/// <summary>The members of <c>/proc/&lt;pid&gt;/status</c> (proc(5)) that engines ask for; sizes in KiB as the kernel prints them.</summary>
public struct ProcessStatus
{
    public uint RealUid, EffectiveUid, SavedUid, FileSystemUid;
    public uint RealGid, EffectiveGid, SavedGid, FileSystemGid;
    public int Tgid;
    public int TracerPid;

    /// <summary>The process id in the innermost pid namespace.</summary>
    public int NamespacePid;
    public ulong VmSizeKiB, VmLockedKiB, VmResidentKiB, VmDataKiB, VmStackKiB, VmSwapKiB;
    public ulong SignalPending, SignalShared, SignalBlocked, SignalIgnored, SignalCaught;
    public ulong CapInh, CapPrm, CapEff, CapBnd, CapAmb;

    /// <summary>0 none, 1 strict, 2 filter.</summary>
    public int Seccomp;
    public bool NoNewPrivileges;

    /// <summary>Reads a process; false when it is gone.</summary>
    public static bool TryRead(int pid, out ProcessStatus status)
    {
        Span<byte> buffer = stackalloc byte[8192];
        int length = ProcFile.TryRead($"/proc/{pid}/status", buffer);
        if (length > 0)
            return TryParse(buffer[..length], out status);
        status = default;
        return false;
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out ProcessStatus status)
    {
        status = default;
        bool any = false;
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            int colon = line.IndexOf((byte)':');
            if (colon < 0)
                continue;
            any = true;
            status.Take(line[..colon], line[(colon + 1)..]);
        }

        return any;
    }

    private void Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var fields = new FieldReader(value);
        if (key.SequenceEqual("Uid"u8))
            (RealUid, EffectiveUid, SavedUid, FileSystemUid) = FourIds(value);
        else if (key.SequenceEqual("Gid"u8))
            (RealGid, EffectiveGid, SavedGid, FileSystemGid) = FourIds(value);
        else if (key.SequenceEqual("Tgid"u8))
            Tgid = (int)fields.Int64();
        else if (key.SequenceEqual("TracerPid"u8))
            TracerPid = (int)fields.Int64();
        else if (key.SequenceEqual("NSpid"u8))
            NamespacePid = LastInt(value);
        else if (key.SequenceEqual("VmSize"u8))
            VmSizeKiB = fields.UInt64();
        else if (key.SequenceEqual("VmLck"u8))
            VmLockedKiB = fields.UInt64();
        else if (key.SequenceEqual("VmRSS"u8))
            VmResidentKiB = fields.UInt64();
        else if (key.SequenceEqual("VmData"u8))
            VmDataKiB = fields.UInt64();
        else if (key.SequenceEqual("VmStk"u8))
            VmStackKiB = fields.UInt64();
        else if (key.SequenceEqual("VmSwap"u8))
            VmSwapKiB = fields.UInt64();
        else if (key.SequenceEqual("SigPnd"u8))
            SignalPending = Hex(value);
        else if (key.SequenceEqual("ShdPnd"u8))
            SignalShared = Hex(value);
        else if (key.SequenceEqual("SigBlk"u8))
            SignalBlocked = Hex(value);
        else if (key.SequenceEqual("SigIgn"u8))
            SignalIgnored = Hex(value);
        else if (key.SequenceEqual("SigCgt"u8))
            SignalCaught = Hex(value);
        else if (key.SequenceEqual("CapInh"u8))
            CapInh = Hex(value);
        else if (key.SequenceEqual("CapPrm"u8))
            CapPrm = Hex(value);
        else if (key.SequenceEqual("CapEff"u8))
            CapEff = Hex(value);
        else if (key.SequenceEqual("CapBnd"u8))
            CapBnd = Hex(value);
        else if (key.SequenceEqual("CapAmb"u8))
            CapAmb = Hex(value);
        else if (key.SequenceEqual("Seccomp"u8))
            Seccomp = (int)fields.Int64();
        else if (key.SequenceEqual("NoNewPrivs"u8))
            NoNewPrivileges = fields.Int64() != 0;
    }

    private static (uint Real, uint Effective, uint Saved, uint FileSystem) FourIds(ReadOnlySpan<byte> value)
    {
        var fields = new FieldReader(value);
        return ((uint)fields.UInt64(), (uint)fields.UInt64(), (uint)fields.UInt64(), (uint)fields.UInt64());
    }

    private static int LastInt(ReadOnlySpan<byte> value)
    {
        value = value.TrimEnd(" \t"u8);
        int start = value.LastIndexOfAny((byte)' ', (byte)'\t') + 1;
        return FieldReader.TryInt32(value[start..], out int last) ? last : 0;
    }

    private static ulong Hex(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value.Trim(" \t"u8), out ulong mask, out _, 'x') ? mask : 0;
}
