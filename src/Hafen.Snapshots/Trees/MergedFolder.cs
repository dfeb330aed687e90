using Hafen.Linux.FileSystem;
using Hafen.Linux;
using Hafen.Linux.Trees;
using Hafen.Snapshots.Layers;

namespace Hafen.Snapshots.Trees;

/// <summary>
/// One folder of a tree, in those layers that have a part in it, topmost first. Others may change the topmost layer meanwhile: what is gone is taken for not there, and a
/// folder that became a link is gone.
/// </summary>
/// <param name="tree">The layers; stay the caller's.</param>
/// <param name="path">Beneath the root; empty for the root itself.</param>
/// <param name="layers">Which of them have a part.</param>
internal sealed class MergedFolder(TreeLayers tree, string path, int[] layers) : IDisposable
{
    private const ulong Resolve = OpenFlags.RESOLVE_BENEATH | OpenFlags.RESOLVE_NO_SYMLINKS | OpenFlags.RESOLVE_NO_MAGICLINKS;

    private int[]? _descriptors;

    public string Path => path;

    /// <summary>Layers that have a part in it.</summary>
    public int Count => layers.Length;

    /// <summary>Descriptors that are open now.</summary>
    public int OpenCount => _descriptors?.Length ?? 0;

    public string Child(string name) => path.Length == 0 ? name : $"{path}/{name}";

    /// <summary>The folder in one of the layers, readable; -1 when it is gone. Valid until <see cref="Close"/>.</summary>
    public int Descriptor(int at) => (_descriptors ??= OpenAll())[at];

    /// <summary>What a name is in the topmost layer that has it, a whiteout included.</summary>
    /// <param name="at">Which of the layers that is.</param>
    public bool TryFind(string name, out int at, out FileStat stat)
    {
        for (at = 0; at < layers.Length; at++)
        {
            if (TryStat(Descriptor(at), name, out stat))
                return true;
        }

        stat = default;
        return false;
    }

    /// <summary>What a name is for whoever looks at the tree; null when there is nothing.</summary>
    public FileStat? Find(string name) => TryFind(name, out _, out var stat) && !stat.IsWhiteout ? stat : null;

    /// <summary>A folder in this one; null when the name is none.</summary>
    public MergedFolder? Enter(string name)
    {
        List<int> parts = [];
        for (int at = 0; at < layers.Length; at++)
        {
            if (!TryStat(Descriptor(at), name, out var stat))
                continue;
            // Whatever else it is hides what is below.
            if (!stat.IsDirectory)
                break;
            parts.Add(layers[at]);
            if (Whiteouts.IsOpaque(Descriptor(at), name))
                break;
        }

        return parts.Count == 0 ? null : new MergedFolder(tree, Child(name), [.. parts]);
    }

    /// <summary>Closes the descriptors; they are opened again when they are needed.</summary>
    public void Close()
    {
        foreach (int descriptor in _descriptors ?? [])
        {
            if (descriptor >= 0)
                _ = TreeCalls.Close(descriptor);
        }

        _descriptors = null;
    }

    public void Dispose() => Close();

    public static bool TryStat(int folder, string name, out FileStat stat)
    {
        stat = default;
        if (folder < 0)
            return false;
        int result = TreeCalls.Stat(folder, name, out stat);
        return result >= 0 || (result == -Errno.ENOENT ? false : throw new LinuxException(-result, "statx", BytePath.ToText(name)));
    }

    private int[] OpenAll()
    {
        int[] opened = new int[layers.Length];
        opened.AsSpan().Fill(-1);
        // They are this object's from the first on: a failure closes what was opened.
        _descriptors = opened;
        try
        {
            for (int at = 0; at < opened.Length; at++)
            {
                int result = TreeCalls.OpenBeneath(
                    tree.Root(layers[at]), path.Length == 0 ? "." : path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW, Resolve);
                if (result is -Errno.ENOENT or -Errno.ENOTDIR or -Errno.ELOOP)
                    continue;
                opened[at] = TreeCalls.Check(result, "openat2", path);
            }

            return opened;
        }
        catch
        {
            Close();
            throw;
        }
    }
}
