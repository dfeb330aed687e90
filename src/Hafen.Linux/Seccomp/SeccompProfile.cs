using System.Runtime.InteropServices;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Seccomp;

/// <summary>
/// A profile as users write it: rules that depend on the host's kernel and architecture and on the container's capabilities.
/// <see cref="Resolve"/> turns it into the plain list of the runtime specification.
/// </summary>
public sealed record SeccompProfile
{
    public string? DefaultAction { get; init; }
    public uint? DefaultErrnoRet { get; init; }

    /// <summary>Architectures of the filter, as <c>SCMP_ARCH_…</c>; excludes <see cref="ArchMap"/>.</summary>
    public string[]? Architectures { get; init; }

    /// <summary>For each native architecture the further ones that a filter there must cover (32-bit programs on 64-bit machines).</summary>
    public IReadOnlyDictionary<string, string[]>? ArchMap { get; init; }
    public string[]? Flags { get; init; }
    public string? ListenerPath { get; init; }
    public string? ListenerMetadata { get; init; }
    public IReadOnlyList<SeccompRule> Rules { get; init; } = [];

    /// <summary>The built-in profile, Docker's: what it does not allow fails with EPERM.</summary>
    public static SeccompProfile Default => DefaultSeccompProfile.Instance;

    /// <summary>This machine's architecture in Go's spelling.</summary>
    public static string NativeArchitecture { get; } = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.Arm64 => "arm64",
        Architecture.X86 => "386",
        Architecture.Arm => "arm",
        Architecture.RiscV64 => "riscv64",
        Architecture.S390x => "s390x",
        Architecture.Ppc64le => "ppc64le",
        Architecture.LoongArch64 => "loong64",
        Architecture other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>Parses a profile in Docker's JSON form (what the client sends for <c>--security-opt seccomp=FILE</c>).</summary>
    /// <exception cref="SeccompException">Not JSON, contradictory, or with values of no meaning.</exception>
    public static SeccompProfile Parse(ReadOnlySpan<byte> json) => SeccompProfileJson.Parse(json);

    /// <summary>The rules that apply; null when the profile says nothing at all (then no filter is installed).</summary>
    /// <param name="boundingCapabilities">The container's bounding set, as <c>CAP_…</c> names.</param>
    /// <param name="architecture">Name of the machine as Go spells it: <c>amd64</c>, <c>arm64</c>; see <see cref="NativeArchitecture"/>.</param>
    /// <param name="kernel">The host's kernel.</param>
    public SpecSeccomp? Resolve(IReadOnlyCollection<string> boundingCapabilities, string architecture, KernelVersion kernel)
    {
        if (string.IsNullOrEmpty(DefaultAction) && Rules.Count == 0)
            return null;
        // Conditions name architectures as libseccomp does, which differs from Go in a few.
        string condition = architecture switch
        {
            "386" => "x86",
            "loong64" => "loongarch64",
            _ => architecture,
        };
        return new SpecSeccomp
        {
            DefaultAction = DefaultAction ?? "",
            DefaultErrnoRet = DefaultErrnoRet,
            Architectures = ArchitecturesOn(architecture),
            Flags = Flags,
            ListenerPath = ListenerPath,
            ListenerMetadata = ListenerMetadata,
            Syscalls =
            [
                .. from rule in Rules
                   where rule.AppliesTo(boundingCapabilities, condition, kernel)
                   select new SpecSyscall { Names = rule.Names, Action = rule.Action, ErrnoRet = rule.ErrnoRet, Args = rule.Args },
            ],
        };
    }

    private string[]? ArchitecturesOn(string architecture)
    {
        string? native = SeccompArchitectures.FromGo(architecture);
        if (native is null || ArchMap is null || !ArchMap.TryGetValue(native, out string[]? further))
            return Architectures;
        return [native, .. further];
    }
}
