using System.Buffers.Text;

namespace Hafen.Linux.Cgroups;

/// <summary>The processes of a cgroup and of the cgroups below it.</summary>
internal static class CgroupProcesses
{
    public const int SIGKILL = 9;

    /// <summary>Process ids; empty when the cgroup is gone.</summary>
    public static List<int> List(CgroupDirectory directory)
    {
        var pids = new List<int>();
        Collect(directory, pids);
        return pids;
    }

    /// <summary>Parses a <c>cgroup.procs</c>: a number a line. Zero stands for a process the reader's pid namespace cannot see.</summary>
    public static void Parse(ReadOnlySpan<byte> text, List<int> pids)
    {
        while (Utf8Parser.TryParse(text, out int pid, out int used) && used > 0)
        {
            if (pid > 0)
                pids.Add(pid);
            text = text[Math.Min(used + 1, text.Length)..];
        }
    }

    private static void Collect(CgroupDirectory directory, List<int> pids)
    {
        byte[] buffer = new byte[4096];
        int length;
        while ((length = directory.Read("cgroup.procs", buffer)) == buffer.Length)
            buffer = new byte[buffer.Length * 4];
        if (length > 0)
            Parse(buffer.AsSpan(0, length), pids);
        foreach (string child in directory.Children())
            Collect(directory.Child(child), pids);
    }
}
