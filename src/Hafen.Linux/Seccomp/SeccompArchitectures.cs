namespace Hafen.Linux.Seccomp;

/// <summary>The names an architecture has: Go's, the runtime specification's and libseccomp's.</summary>
public static class SeccompArchitectures
{
    private static readonly (string Go, string Spec, string Library)[] s_table =
    [
        ("386", "SCMP_ARCH_X86", "x86"),
        ("amd64", "SCMP_ARCH_X86_64", "x86_64"),
        ("x32", "SCMP_ARCH_X32", "x32"),
        ("arm", "SCMP_ARCH_ARM", "arm"),
        ("arm64", "SCMP_ARCH_AARCH64", "aarch64"),
        ("loong64", "SCMP_ARCH_LOONGARCH64", "loongarch64"),
        ("mips", "SCMP_ARCH_MIPS", "mips"),
        ("mips64", "SCMP_ARCH_MIPS64", "mips64"),
        ("mips64p32", "SCMP_ARCH_MIPS64N32", "mips64n32"),
        ("mipsle", "SCMP_ARCH_MIPSEL", "mipsel"),
        ("mips64le", "SCMP_ARCH_MIPSEL64", "mipsel64"),
        ("mips64p32le", "SCMP_ARCH_MIPSEL64N32", "mipsel64n32"),
        ("ppc", "SCMP_ARCH_PPC", "ppc"),
        ("ppc64", "SCMP_ARCH_PPC64", "ppc64"),
        ("ppc64le", "SCMP_ARCH_PPC64LE", "ppc64le"),
        ("riscv64", "SCMP_ARCH_RISCV64", "riscv64"),
        ("s390", "SCMP_ARCH_S390", "s390"),
        ("s390x", "SCMP_ARCH_S390X", "s390x"),
    ];

    /// <summary>The names of the runtime specification.</summary>
    public static IEnumerable<string> All => s_table.Select(row => row.Spec);

    /// <summary>The runtime specification's name of Go's, null when there is no such architecture.</summary>
    public static string? FromGo(string go) => Array.Find(s_table, row => row.Go == go).Spec;

    /// <summary>libseccomp's name of a <c>SCMP_ARCH_…</c>, null when there is no such architecture.</summary>
    public static string? ToLibrary(string spec) => Array.Find(s_table, row => row.Spec == spec).Library;
}
