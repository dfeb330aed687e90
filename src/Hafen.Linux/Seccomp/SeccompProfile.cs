using Hafen.Oci.Runtime;

namespace Hafen.Linux.Seccomp;

/// <summary>
/// A profile as users write it: rules that depend on the host's kernel and architecture and on the container's capabilities.
/// <see cref="Resolve"/> turns it into the plain list of the runtime specification.
/// </summary>
public sealed partial class SeccompProfile
{
    /// <summary>The built-in profile: what it does not allow fails with EPERM.</summary>
    public static SeccompProfile Default => throw new NotSupportedException();

    /// <summary>Parses a profile in Docker's JSON form (what the client sends for <c>--security-opt seccomp=FILE</c>).</summary>
    /// <exception cref="SeccompException">Not JSON, contradictory, or with values of no meaning.</exception>
    public static SeccompProfile Parse(ReadOnlySpan<byte> json) => throw new NotSupportedException();

    /// <summary>The rules that apply; null when the profile says nothing at all (then no filter is installed).</summary>
    /// <param name="boundingCapabilities">The container's bounding set, as <c>CAP_…</c> names.</param>
    /// <param name="architecture">Name of the machine as Go spells it: <c>amd64</c>, <c>arm64</c>; see <see cref="NativeArchitecture"/>.</param>
    /// <param name="kernel">The host's kernel.</param>
    public SpecSeccomp? Resolve(IReadOnlyCollection<string> boundingCapabilities, string architecture, KernelVersion kernel) => throw new NotSupportedException();

    /// <summary>This machine's architecture in Go's spelling.</summary>
    public static string NativeArchitecture => throw new NotSupportedException();
}
