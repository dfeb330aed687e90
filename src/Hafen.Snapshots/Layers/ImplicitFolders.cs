using Hafen.Linux;
using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Layers;

/// <summary>
/// Folders that a layer uses without describing them; they are to look as in the layers below. Their names are kept on the disk and their inodes in memory:
/// one path can bring thousands of them.
/// </summary>
/// <param name="listFile">Where the names go.</param>
internal sealed class ImplicitFolders(string listFile) : IDisposable
{
    /// <summary>More of them in one layer are refused: real archives describe their folders.</summary>
    public const int Most = 1 << 18;

    private readonly NameList _paths = new(listFile, numbers: 1);
    private readonly HashSet<ulong> _inodes = [];
    private int _made;

    /// <summary>Paths, each with how many folders at its end were made for it.</summary>
    public IEnumerable<(string Path, int Made)> Paths => _paths.Read().Select(p => (p.Path, (int)p.First));

    /// <summary>Makes one.</summary>
    /// <exception cref="LayerException">It cannot be made, or there are too many.</exception>
    public void Make(int parent, string name)
    {
        if (++_made > Most)
            throw new LayerException($"the layer has more than {Most} folders that no entry describes");
        int result = TreeCalls.MakeDirectory(parent, name, 0x1ED);
        if (result == -Errno.EEXIST)
            throw new LayerException($"cannot make folder \"{BytePath.ToText(name)}\" of the layer: {Errno.Text(-result)}");
        TreeCalls.Check(result, "mkdir", name);
        TreeCalls.Check(TreeCalls.ChangeMode(parent, name, 0x1ED), "chmod", name);
        TreeCalls.Check(TreeCalls.Stat(parent, name, out var stat), "stat", name);
        _inodes.Add(stat.Inode);
    }

    /// <summary>The last <paramref name="made"/> folders of this path, free of links, were made.</summary>
    public void Note(string path, int made) => _paths.Add(path, made);

    /// <summary>An entry describes the folder.</summary>
    public void Describe(ulong inode) => _inodes.Remove(inode);

    public bool Contains(ulong inode) => _inodes.Contains(inode);

    public void Dispose() => _paths.Delete();
}
