using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Create;

/// <summary>A container to make.</summary>
public sealed record CreateContainerRequest
{
    public required string Id { get; init; }

    /// <summary>Folder that relative paths of the specification start from; absolute.</summary>
    public required string Bundle { get; init; }

    public required RuntimeSpec Spec { get; init; }

    /// <summary>Mounts that make the root, applied in order on <c>root.path</c> inside the container's mount namespace, so nothing shows on the host.</summary>
    public SpecMount[] Rootfs { get; init; } = [];

    /// <summary>The process's stdin: a descriptor of the caller, who keeps it; -1 means /dev/null. Ignored with a terminal, as the other two.</summary>
    public int Stdin { get; init; } = -1;

    public int Stdout { get; init; } = -1;

    public int Stderr { get; init; } = -1;

    /// <summary>File with a compiled seccomp program (array of <c>sock_filter</c>) that replaces <c>linux.seccomp</c>, or null.</summary>
    public string? SeccompProgram { get; init; }

    /// <summary>Number of descriptors from 3 on that the process inherits (<c>--preserve-fds</c>).</summary>
    public int PreserveDescriptors { get; init; }

    /// <summary>Do not make a new session keyring.</summary>
    public bool NoNewKeyring { get; init; }

    /// <summary>Change the root by moving it over <c>/</c> and chroot(2), for roots on an initial ramfs where pivot_root(2) cannot work.</summary>
    public bool NoPivot { get; init; }

    /// <summary>Mount overlays with mount(2) even where the kernel takes layers one by one. (Kernels that do not are noticed without this.)</summary>
    public bool OverlayByMount { get; init; }

    /// <summary>
    /// FIFO that init waits on for its start instead of <see cref="CreatedContainer.Start"/>, for an owner that does not stay; null otherwise.
    /// </summary>
    public string? StartFifo { get; init; }
}
