using System.Text;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Security;

namespace Hafen.Runtime.Create;

/// <summary>What only the parent, outside the new user namespace, may do for the child.</summary>
internal static unsafe class UserMappings
{
    /// <exception cref="RuntimeException">The kernel refused.</exception>
    public static void Apply(int pid, SpecLinux linux, SpecProcess? process)
    {
        Write($"/proc/{pid}/gid_map", Text(linux.GidMappings));
        Write($"/proc/{pid}/uid_map", Text(linux.UidMappings));
        if (process?.OomScoreAdj is { } score)
            Write($"/proc/{pid}/oom_score_adj", score.ToString());
        foreach (var limit in process?.Rlimits ?? [])
            RaiseHardLimit(pid, limit);
    }

    /// <summary>A map file's text: a line each of first number inside, first number outside, count.</summary>
    public static string Text(SpecIdMapping[]? mappings)
    {
        var text = new StringBuilder();
        foreach (var mapping in mappings ?? [])
            text.Append($"{mapping.ContainerId} {mapping.HostId} {mapping.Size}\n");
        return text.ToString();
    }

    /// <summary>Inside, no capability reaches far enough to raise a limit; the child lowers it to what was asked for.</summary>
    private static void RaiseHardLimit(int pid, SpecRlimit limit)
    {
        int resource = ResourceLimits.Number(limit.Type);
        ulong* values = stackalloc ulong[2];
        if (SystemCall.Call(SystemCall.prlimit64, pid, resource, 0, (nint)values) != 0 || values[1] >= limit.Hard)
            return;
        values[1] = limit.Hard;
        // The child's own step reports what then still is not possible.
        SystemCall.Call(SystemCall.prlimit64, pid, resource, (nint)values);
    }

    private static void Write(string path, string text)
    {
        using var file = Files.Open(path, OpenFlags.O_WRONLY);
        int result = Files.Write(file.Number, Encoding.ASCII.GetBytes(text));
        if (result < 0)
            throw new RuntimeException(ErrorKind.System, "write " + path, $"write {path}: {Errno.Text(-result)}", -result);
    }
}
