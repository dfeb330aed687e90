namespace Hafen.Linux.Procfs;

/// <summary>A line of <c>/proc/&lt;pid&gt;/cgroup</c>.</summary>
/// <param name="HierarchyId">Zero for v2.</param>
/// <param name="Label">Controllers (<c>cpu,cpuacct</c>), <c>name=…</c>, or empty for v2.</param>
/// <param name="Path">Path below the hierarchy's root as the reader's cgroup namespace shows it.</param>
public sealed record ProcessCgroup(int HierarchyId, string Label, string Path)
{
    /// <summary>Reads a process; an empty list when it is gone.</summary>
    public static List<ProcessCgroup> Read(int pid)
    {
        byte[] buffer = new byte[8192];
        int length = ProcFile.TryRead($"/proc/{pid}/cgroup", buffer);
        return length > 0 ? Parse(buffer.AsSpan(0, length)) : [];
    }

    public static List<ProcessCgroup> Parse(ReadOnlySpan<byte> text)
    {
        var list = new List<ProcessCgroup>();
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            int first = line.IndexOf((byte)':');
            int second = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)':');
            if (second < 0 || !FieldReader.TryInt32(line[..first], out int id))
                continue;
            second += first + 1;
            list.Add(new ProcessCgroup(
                id, System.Text.Encoding.UTF8.GetString(line[(first + 1)..second]), System.Text.Encoding.UTF8.GetString(line[(second + 1)..])));
        }

        return list;
    }
}
