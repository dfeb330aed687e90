using System.Globalization;
using System.Text;

namespace Hafen.Linux.Procfs;

/// <summary>What all rows of one listing share: the clock, the memory, the names of users and groups.</summary>
internal sealed class PsHost
{
    private readonly Dictionary<uint, string> _users = Names("/etc/passwd");
    private readonly Dictionary<uint, string> _groups = Names("/etc/group");

    /// <summary>The unit of times in <c>/proc</c>: the kernel's USER_HZ, 100 wherever we run.</summary>
    public const long TicksPerSecond = 100;

    public PsHost()
    {
        Now = DateTime.Now;
        Uptime = FirstNumber("/proc/uptime");
        MemoryKiB = (ulong)NumberAfter("/proc/meminfo", "MemTotal:"u8);
        Boot = DateTime.UnixEpoch.AddSeconds(NumberAfter("/proc/stat", "btime"u8));
    }

    public static long PageSize { get; } = Environment.SystemPageSize;

    public DateTime Now { get; }

    /// <summary>When the kernel says it started, universal time.</summary>
    public DateTime Boot { get; }

    /// <summary>Seconds since boot.</summary>
    public double Uptime { get; }
    public ulong MemoryKiB { get; }

    /// <summary>The user's name, its number when it has none.</summary>
    public string User(uint uid) => _users.TryGetValue(uid, out string? name) ? name : uid.ToString(CultureInfo.InvariantCulture);

    public string Group(uint gid) => _groups.TryGetValue(gid, out string? name) ? name : gid.ToString(CultureInfo.InvariantCulture);

    private static double FirstNumber(string path)
    {
        string text = Encoding.ASCII.GetString(ProcFile.ReadAll(path));
        return double.Parse(text.AsSpan(0, text.IndexOf(' ')), CultureInfo.InvariantCulture);
    }

    private static long NumberAfter(string path, ReadOnlySpan<byte> key)
    {
        var fields = new FieldReader(ProcFile.ReadAll(path));
        while (fields.Next() is { IsEmpty: false } field)
        {
            if (field.SequenceEqual(key))
                return fields.Int64();
        }

        return 0;
    }

    /// <summary>Name and number are the first and third field of both files.</summary>
    private static Dictionary<uint, string> Names(string path)
    {
        var names = new Dictionary<uint, string>();
        if (!File.Exists(path))
            return names;
        foreach (string line in File.ReadLines(path))
        {
            string[] fields = line.Split(':');
            if (fields.Length > 2 && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint id))
                names.TryAdd(id, fields[0]);
        }

        return names;
    }
}
