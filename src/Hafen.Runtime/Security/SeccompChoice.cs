using Hafen.Errors;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Seccomp;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;

namespace Hafen.Runtime.Security;

/// <summary>The filter of a process: the compiled program that the caller names, else the specification's, compiled here.</summary>
internal static class SeccompChoice
{
    /// <exception cref="RuntimeException">The profile cannot be had.</exception>
    public static (byte[]? Program, uint Flags) Choose(SpecSeccomp? profile, string? program)
    {
        if (profile?.ListenerPath is { Length: > 0 } listener)
            throw new RuntimeException(ErrorKind.InvalidParameter, "seccomp", $"seccomp listenerPath {listener} is not supported");
        // Nobody would answer: the calls would fail as if the kernel did not have them.
        if (Array.Exists(profile?.Syscalls ?? [], call => call.Action == "SCMP_ACT_NOTIFY"))
            throw new RuntimeException(ErrorKind.InvalidParameter, "seccomp", "seccomp action SCMP_ACT_NOTIFY is not supported");
        try
        {
            uint flags = profile is null ? 0 : SeccompProgram.FlagsOf(profile);
            if (program is not null)
                return (Files.ReadAll(program), flags);
            return profile is null ? (null, 0) : (SeccompCompiler.Compile(profile), flags);
        }
        catch (SeccompException exception)
        {
            throw new RuntimeException(ErrorKind.InvalidParameter, "seccomp", exception.Message);
        }
    }
}
