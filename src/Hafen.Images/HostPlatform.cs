using System.Runtime.InteropServices;
using Hafen.Oci.Images;

namespace Hafen.Images;

/// <summary>This machine in Go's words, as images use them.</summary>
public static class HostPlatform
{
    public static string Architecture { get; } = RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.Arm => "arm",
        System.Runtime.InteropServices.Architecture.X86 => "386",
        System.Runtime.InteropServices.Architecture.RiscV64 => "riscv64",
        System.Runtime.InteropServices.Architecture.S390x => "s390x",
        System.Runtime.InteropServices.Architecture.Ppc64le => "ppc64le",
        System.Runtime.InteropServices.Architecture.LoongArch64 => "loong64",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>True when images of this platform run here natively; an absent platform counts as this one.</summary>
    public static bool Matches(Platform? platform) => platform is null || (platform.Os == "linux" && platform.Architecture == Architecture);
}
