using Hafen.Linux;
using Hafen.Linux.FileSystem;

namespace Hafen.Engine.Containers.Spec;

/// <summary>
/// Reads files of a container's root that is not mounted, through its layers as overlayfs would join them. Links are resolved inside the
/// root only; whatever is not a regular file of a sane size is refused, because an image's content is not to be trusted.
/// </summary>
/// <param name="layers">The folders of the layers, topmost first.</param>
internal sealed class LayeredRoot(IReadOnlyList<string> layers)
{
    private const int MaxLinks = 40;

    /// <summary>The content; null when the path leads nowhere.</summary>
    /// <param name="path">Absolute path inside the root.</param>
    /// <param name="limit">Most bytes accepted.</param>
    /// <exception cref="InvalidDataException">The path leads to something else than a regular file, to too large a file, or in circles.</exception>
    public byte[]? TryRead(string path, int limit)
    {
        string? file = Resolve(path);
        if (file is null)
            return null;
        int opened = Files.TryOpen(file, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY);
        if (opened == -Errno.ENOENT)
            return null;
        if (opened < 0)
            throw new LinuxException(-opened, "open", path);
        using var descriptor = new Descriptor(opened);
        var status = FileStatus.Of(opened);
        if (status.Type != statx_t.S_IFREG)
            throw new InvalidDataException($"{path} is not a regular file");
        if (status.stx_size > (ulong)limit)
            throw new InvalidDataException($"{path} is larger than {limit} bytes");
        byte[] content = new byte[(int)status.stx_size];
        int length = 0;
        while (length < content.Length)
        {
            int count = Files.Read(opened, content.AsSpan(length));
            if (count < 0)
                throw new LinuxException(-count, "read", path);
            if (count == 0)
                break;
            length += count;
        }
        return length == content.Length ? content : content[..length];
    }

    /// <summary>The path on the host of the file that the merged root shows; null when there is none.</summary>
    private string? Resolve(string path)
    {
        var remaining = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        // The merged folders on the way, each as its folders in the layers; the last one is where we are.
        var way = new Stack<IReadOnlyList<string>>();
        way.Push(layers);
        int links = 0;
        while (remaining.TryPop(out string? name))
        {
            if (name == ".")
                continue;
            if (name == "..")
            {
                if (way.Count > 1)
                    way.Pop();
                continue;
            }
            var (folders, leaf, isLink) = Look(way.Peek(), name);
            if (folders.Count > 0)
            {
                way.Push(folders);
                continue;
            }
            if (leaf is null)
                return null;
            if (!isLink)
                return remaining.Count == 0 ? leaf : null;
            if (++links > MaxLinks)
                throw new InvalidDataException($"{path} leads through too many links");
            string? target = new FileInfo(leaf).LinkTarget;
            if (target is null)
                return null;
            if (target.StartsWith('/'))
            {
                way.Clear();
                way.Push(layers);
            }
            foreach (string part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                remaining.Push(part);
        }
        return null;
    }

    /// <summary>What a name is in a merged folder: a merged folder itself, or a file or link of one layer.</summary>
    private static (IReadOnlyList<string> Folders, string? Leaf, bool IsLink) Look(IReadOnlyList<string> parents, string name)
    {
        var folders = new List<string>();
        foreach (string parent in parents)
        {
            string candidate = parent + "/" + name;
            if (!FileStatus.TryGet(candidate, followLinks: false, out var status, out _))
                continue;
            if (OverlayMarks.IsWhiteout(status))
                break;
            if (status.Type != statx_t.S_IFDIR)
            {
                // Below a folder a file of a lower layer is hidden; above it, it hides them.
                return folders.Count > 0 ? (folders, null, false) : ([], candidate, status.Type == statx_t.S_IFLNK);
            }
            folders.Add(candidate);
            if (OverlayMarks.IsOpaque(candidate))
                break;
        }
        return (folders, null, false);
    }
}
