using Hafen.Linux.FileSystem;
using Hafen.Linux.Mounts;
using Hafen.Linux.Namespaces;

namespace Hafen.Runtime.Init;

/// <summary>A descriptor that the parent opens for a step, as data.</summary>
internal abstract record PlannedHandle
{
    /// <exception cref="Linux.LinuxException">The kernel refused.</exception>
    public abstract Descriptor Open();
}

/// <summary>
/// The source of a bind mount, cloned in the caller's mount namespace with all its attributes set, so that the child only attaches it.
/// It is cloned there because it keeps its peer group that way (propagation from and to the host), and because a container in a
/// user namespace might not be able to reach the path.
/// </summary>
internal sealed record BindHandle(string Source, bool Recursive) : PlannedHandle
{
    /// <summary>A folder above the source that no link on the way may lead out of; null when the way does not matter.</summary>
    public string? Beneath { get; init; }

    public ulong Set { get; init; }
    public ulong Clear { get; init; }
    public ulong RecursiveSet { get; init; }
    public ulong RecursiveClear { get; init; }
    public ulong Propagation { get; init; }
    public bool RecursivePropagation { get; init; }

    public override Descriptor Open()
    {
        var tree = OpenTree();
        try
        {
            // Propagation first: attributes of a private or slave mount stay its own.
            if (Propagation != 0)
                MountTree.SetAttributes(tree.Number, new mount_attr { propagation = Propagation }, RecursivePropagation);
            if ((RecursiveSet | RecursiveClear) != 0)
                MountTree.SetAttributes(tree.Number, new mount_attr { attr_set = RecursiveSet, attr_clr = RecursiveClear }, recursive: true);
            if ((Set | Clear) != 0)
                MountTree.SetAttributes(tree.Number, new mount_attr { attr_set = Set, attr_clr = Clear }, recursive: false);
            return tree;
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    private Descriptor OpenTree()
    {
        if (Beneath is null)
            return MountTree.Clone(Source, Recursive);
        using var folder = Files.Open(Beneath, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        using var source = Files.OpenBeneath(
            folder.Number, Source[Beneath.Length..].TrimStart('/'), OpenFlags.O_PATH, OpenFlags.RESOLVE_BENEATH | OpenFlags.RESOLVE_NO_MAGICLINKS);
        return MountTree.Clone(source.Number, Recursive);
    }
}

/// <summary>A namespace to join.</summary>
internal sealed record NamespaceHandle(string Path) : PlannedHandle
{
    public override Descriptor Open() => NamespaceFile.Open(Path);
}

/// <summary>A file of the caller.</summary>
internal sealed record FileHandle(string Path, int Flags) : PlannedHandle
{
    public override Descriptor Open() => Files.Open(Path, Flags);
}

/// <summary>A copy of a pidfd: setns takes it for the namespaces of its process.</summary>
internal sealed record PidfdHandle(int Descriptor) : PlannedHandle
{
    public override Descriptor Open() => Linux.FileSystem.Descriptor.Duplicate(Descriptor);
}
