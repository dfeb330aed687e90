using Hafen.Linux.FileSystem;
using Hafen.Linux;
using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Layers;

/// <summary>
/// The folder in which aufs kept files with several names: layers that were made on it have the file there and links that lead to it. It is no part of the image.
/// Its files wait beside the layer, where the links find them and where they are found when the layer's tar is put together.
/// </summary>
/// <param name="replacedFolder">The folder it lies in; stays the caller's.</param>
internal sealed class LinkStore(int replacedFolder) : IDisposable
{
    private const string Name = ".wh..wh.plnk", Prefix = Name + "/";

    private int _folder = -1;

    /// <summary>Whether a clean path lies in the store.</summary>
    public static bool Holds(string path) => path.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The store's folder, made when it is needed.</summary>
    public Folder Open()
    {
        if (_folder >= 0)
            return new Folder(_folder, Name);
        int result = TreeCalls.MakeDirectory(replacedFolder, Name, 0x1C0);
        if (result != -Errno.EEXIST)
            TreeCalls.Check(result, "mkdir", Name);
        _folder = TreeCalls.Check(TreeCalls.Open(replacedFolder, Name, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW), "open", Name);
        return new Folder(_folder, Name);
    }

    public void Dispose()
    {
        if (_folder >= 0)
            _ = TreeCalls.Close(_folder);
        _folder = -1;
    }
}
