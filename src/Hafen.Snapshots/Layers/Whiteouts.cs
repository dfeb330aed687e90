using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Trees;
using Hafen.Linux.Xattrs;

namespace Hafen.Snapshots.Layers;

/// <summary>Overlayfs' way to say that something below is gone (kernel, filesystems/overlayfs: whiteouts and opaque directories).</summary>
internal static class Whiteouts
{
    private const string OpaqueAttribute = "trusted.overlay.opaque";

    /// <summary>Hides a name of the layers below; what the layer itself has there stays (image-spec, layer.md, Whiteouts).</summary>
    public static void HideName(FolderCache folders, string path)
    {
        var folder = folders.Open(BytePath.Parent(path));
        string name = BytePath.Name(path);
        int result = TreeCalls.MakeNode(folder.Descriptor, name, FileType.S_IFCHR, 0, 0);
        if (result == -Errno.EEXIST)
        {
            TreeCalls.Check(TreeCalls.Stat(folder.Descriptor, name, out var there), "stat", path);
            if (there.IsDirectory)
                MarkOpaque(folder.Descriptor, name);
            return;
        }

        TreeCalls.Check(result, "mknod", path);
    }

    /// <summary>Hides all that the layers below have in a folder; the empty path is the root.</summary>
    public static void HideContents(FolderCache folders, int root, string path)
    {
        var folder = folders.Open(path);
        if (folder.Path.Length == 0)
            MarkOpaque(root, ".");
        else
            MarkOpaque(folders.Open(BytePath.Parent(folder.Path)).Descriptor, BytePath.Name(folder.Path));
    }

    /// <summary>Whether a folder hides all that the layers below have in it.</summary>
    /// <exception cref="SnapshotException">The folder was renamed on a kernel that keeps what is below under the old name.</exception>
    public static bool IsOpaque(int folder, string name)
    {
        string[] attributes = Xattr.List(folder, name);
        RequireOwnContent(attributes, name);
        return attributes.Contains(OpaqueAttribute) && Xattr.Get(folder, name, OpaqueAttribute) is [(byte)'y'];
    }

    /// <summary>Refuses what is not where it seems to be.</summary>
    /// <param name="attributes">Extended attributes of a file or folder.</param>
    /// <exception cref="SnapshotException">Its content lies elsewhere (overlayfs' redirect_dir and metacopy, which are off unless an administrator wants them).</exception>
    public static void RequireOwnContent(string[] attributes, string name)
    {
        string? other = Array.Find(attributes, attribute => attribute is "trusted.overlay.redirect" or "trusted.overlay.metacopy");
        if (other is null)
            return;
        throw new SnapshotException(
            ErrorKind.NotImplemented, $"\"{BytePath.ToText(name)}\" was changed with {other["trusted.overlay.".Length..]} of overlayfs, which is not supported: load the module with redirect_dir=off metacopy=off");
    }

    public static void MarkOpaque(int folder, string name)
        => TreeCalls.Check(Xattr.Set(folder, name, OpaqueAttribute, "y"u8), "setxattr", name);
}
