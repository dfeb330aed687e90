using Hafen.Errors;
using Hafen.Runtime.Errors;

namespace Hafen.Runtime.Security;

/// <summary>Resource limits by name (asm-generic/resource.h; the same numbers on x86-64 and arm64).</summary>
internal static class ResourceLimits
{
    private static readonly string[] s_names =
    [
        "CPU", "FSIZE", "DATA", "STACK", "CORE", "RSS", "NPROC", "NOFILE", "MEMLOCK", "AS", "LOCKS", "SIGPENDING", "MSGQUEUE", "NICE", "RTPRIO", "RTTIME",
    ];

    /// <exception cref="RuntimeException">InvalidArgument: there is no such limit.</exception>
    public static int Number(string type)
    {
        const string Prefix = "RLIMIT_";
        int number = type.StartsWith(Prefix, StringComparison.Ordinal) ? Array.IndexOf(s_names, type[Prefix.Length..]) : -1;
        return number >= 0 ? number : throw new RuntimeException(ErrorKind.InvalidParameter, "rlimits", $"wrong rlimit value: {type}");
    }
}
