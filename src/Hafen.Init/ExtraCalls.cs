using System.Runtime.Intrinsics.X86;

namespace Hafen.Init;

/// <summary>System calls that only an init needs (asm/unistd_64.h; asm-generic/unistd.h for arm64).</summary>
internal static class ExtraCalls
{
    private static bool X64 => X86Base.IsSupported;

    public static int clone => X64 ? 56 : 220;
    public static int setpgid => X64 ? 109 : 154;
    public static int rt_sigtimedwait => X64 ? 128 : 137;
}
