using Hafen.Oci.Runtime;

namespace Hafen.Linux.Seccomp;

/// <summary>Compiles a spec with libseccomp, which is loaded at the first use.</summary>
public static class SeccompCompiler
{
    /// <summary>The program as an array of <c>struct sock_filter</c> (8 bytes each).</summary>
    /// <exception cref="SeccompException">A value has no meaning, or libseccomp is missing or refuses it.</exception>
    public static byte[] Compile(SpecSeccomp spec) => throw new NotSupportedException();

    /// <summary>The library's version, for example <c>2.5.4</c>; null when it is not installed.</summary>
    public static string? LibraryVersion => throw new NotSupportedException();
}
