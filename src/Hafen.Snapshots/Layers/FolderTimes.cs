using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Layers;

/// <summary>Times of folders, to be set when all names are made: every name that is made in a folder changes them.</summary>
/// <param name="listFile">Where they wait; removed at the end.</param>
internal sealed class FolderTimes(string listFile) : IDisposable
{
    private readonly NameList _list = new(listFile, numbers: 5);

    /// <param name="path">Free of links.</param>
    /// <param name="inode">Tells whether the folder at the path is still this one: a later entry may have replaced it.</param>
    public void Add(string path, ulong inode, FileTime accessed, FileTime modified)
        => _list.Add(path, (long)inode, accessed.Seconds, accessed.Nanoseconds, modified.Seconds, modified.Nanoseconds);

    public void Apply(FolderCache folders, CancellationToken cancellationToken)
    {
        foreach (var item in _list.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            folders.Sweep();
            if (folders.Find(BytePath.Parent(item.Path)) is not { } parent)
                continue;
            string name = BytePath.Name(item.Path);
            if (TreeCalls.Stat(parent.Descriptor, name, out var there) < 0 || there.Inode != (ulong)item.First)
                continue;
            int result = TreeCalls.SetTimes(parent.Descriptor, name, new FileTime(item.Second, item.Third), new FileTime(item.Fourth, item.Fifth));
            TreeCalls.Check(result, "utimensat", item.Path);
        }
    }

    public void Dispose() => _list.Delete();
}
