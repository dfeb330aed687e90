using System.Globalization;

namespace Hafen.Linux.Cgroups;

/// <summary>Parsers for the forms that cgroup files have (Documentation/admin-guide/cgroup-v2.rst, "Format").</summary>
public static class CgroupText
{
    /// <summary>Lines of <c>key value</c>; lines of another form are left out.</summary>
    public static Dictionary<string, ulong> FlatKeyed(string text)
    {
        var values = new Dictionary<string, ulong>();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            int space = line.IndexOf(' ');
            if (space > 0 && ulong.TryParse(line[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
                values[line[..space].ToString()] = value;
        }

        return values;
    }

    /// <summary>The value of one key of such a text, zero when absent.</summary>
    public static ulong Value(ReadOnlySpan<char> text, ReadOnlySpan<char> key)
    {
        foreach (var line in text.EnumerateLines())
        {
            if (line.Length > key.Length && line[key.Length] == ' ' && line.StartsWith(key)
                && ulong.TryParse(line[(key.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
            {
                return value;
            }
        }

        return 0;
    }

    /// <summary>v1 block statistics: <c>8:0 Read 4096</c> lines; the closing total over all devices is left out.</summary>
    public static List<BlockIoEntry> BlockIo(string text)
    {
        var entries = new List<BlockIoEntry>();
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 4
                && TryNumber(words[0], out ulong major) && TryNumber(words[1], out ulong minor) && TryNumber(words[3], out ulong value))
            {
                entries.Add(new BlockIoEntry(major, minor, words[2], value));
            }
        }

        return entries;
    }

    /// <summary>v2 <c>io.stat</c>: <c>8:0 rbytes=1 wbytes=2 rios=3 wios=4 …</c>, with two of its keys as read and write.</summary>
    public static List<BlockIoEntry> IoStat(string text, string readKey, string writeKey)
    {
        var entries = new List<BlockIoEntry>();
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] device = words.Length == 0 ? [] : words[0].Split(':');
            if (device.Length != 2 || !TryNumber(device[0], out ulong major) || !TryNumber(device[1], out ulong minor))
                continue;
            foreach (string word in words.AsSpan(1))
            {
                int equals = word.IndexOf('=');
                if (equals < 0 || !TryNumber(word[(equals + 1)..], out ulong value))
                    continue;
                if (word.AsSpan(0, equals).SequenceEqual(readKey))
                    entries.Add(new BlockIoEntry(major, minor, "read", value));
                else if (word.AsSpan(0, equals).SequenceEqual(writeKey))
                    entries.Add(new BlockIoEntry(major, minor, "write", value));
            }
        }

        return entries;
    }

    /// <summary>Numbers separated by spaces, as in <c>cpuacct.usage_percpu</c>.</summary>
    public static ulong[] Numbers(string text)
    {
        string[] words = text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var numbers = new List<ulong>(words.Length);
        foreach (string word in words)
        {
            if (TryNumber(word, out ulong number))
                numbers.Add(number);
        }

        return [.. numbers];
    }

    private static bool TryNumber(string text, out ulong value) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
