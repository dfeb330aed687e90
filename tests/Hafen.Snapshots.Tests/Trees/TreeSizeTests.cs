using Hafen.Linux.FileSystem;
using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Tests.Trees;

public sealed class TreeSizeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_count_once_and_folders_not()
    {
        Shell.Script("mkdir -p a/b c; head -c 1000 /dev/zero > a/one; ln a/one c/again; head -c 10 /dev/zero > a/b/two; ln -s 1234567 c/link; truncate -s 5000 c/sparse", _folder.Path);
        Assert.Equal(1000 + 10 + 7 + 5000, Count());
    }

    /// <summary>A program in a container makes such a tree in a second; the daemon has to survive <c>ps -s</c>.</summary>
    [Fact]
    public void A_tree_deeper_than_any_stack_is_counted()
    {
        int at = Open(OpenFlags.AT_FDCWD, _folder.Path);
        for (int i = 0; i < 50_000; i++)
        {
            TreeCalls.Check(TreeCalls.MakeDirectory(at, "d", 0x1C0), "mkdir");
            int below = Open(at, "d");
            _ = TreeCalls.Close(at);
            at = below;
        }

        TreeCalls.Check(TreeCalls.MakeLink(at, "link", "bottom"), "symlink");
        _ = TreeCalls.Close(at);
        Assert.Equal("bottom".Length, Count());

        int folder = Open(OpenFlags.AT_FDCWD, _folder.Path);
        RemoveTree.Remove(folder, "d");
        _ = TreeCalls.Close(folder);
    }

    private static int Open(int at, string name)
        => TreeCalls.Check(TreeCalls.Open(at, name, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open");

    private long Count()
    {
        int folder = Open(OpenFlags.AT_FDCWD, _folder.Path);
        try
        {
            return TreeSize.Of(folder);
        }
        finally
        {
            _ = TreeCalls.Close(folder);
        }
    }
}
