using Hafen.Oci.Runtime;

namespace Hafen.Linux.Seccomp;

/// <summary>
/// Compiled filters on disk, one file a distinct spec, so that a container start never compiles. The file is the raw array of
/// <c>struct sock_filter</c>, ready for <c>seccomp(2)</c>. Safe for concurrent use, also by several processes.
/// </summary>
public sealed class SeccompPrograms
{
    /// <param name="folder">Where the files live; made when missing.</param>
    public SeccompPrograms(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Path of the compiled program, compiling it when it is not there yet.</summary>
    /// <exception cref="SeccompException">The spec cannot be compiled.</exception>
    public string Get(SpecSeccomp spec) => throw new NotSupportedException();
}
