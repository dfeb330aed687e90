namespace Hafen.Linux.Seccomp;

/// <summary>A condition on the container and its host; absent parts say nothing.</summary>
/// <param name="Caps">Capabilities of the container's bounding set.</param>
/// <param name="Arches">Architectures in Go's spelling.</param>
/// <param name="MinKernel">The host's kernel is this or newer.</param>
public sealed record SeccompCondition(string[]? Caps = null, string[]? Arches = null, KernelVersion? MinKernel = null);
