using Hafen.Linux.FileSystem;
using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Tests.Trees;

public sealed class RemoveTreeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mkdir -p tree/a/b; echo x > tree/a/b/c; ln -s /etc tree/a/link")]
    [InlineData("mkdir tree; mknod tree/whiteout c 0 0; mkfifo tree/pipe; mkdir -m 0 tree/closed")]
    [InlineData("echo x > tree")]
    [InlineData("ln -s nowhere tree")]
    [InlineData("true")]
    [InlineData("mkdir -p tree/a; echo x > tree/a/locked; chattr +i tree/a/locked; chattr +a tree/a")]
    [InlineData("mkdir -p tree/a/b; chattr +i tree/a/b tree/a tree")]
    [InlineData("mkdir tree; cd tree; seq 3000 | xargs touch")]
    public void Whatever_is_there_goes(string script)
    {
        Shell.Script(script, _folder.Path);
        Remove("tree");
        Assert.Equal("", Shell.Run("ls", "-A", _folder.Path));
    }

    [Fact]
    public void A_tree_deeper_than_any_path_goes()
    {
        int at = TreeCalls.Check(TreeCalls.Open(OpenFlags.AT_FDCWD, _folder.Path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open");
        for (int i = 0; i < 3000; i++)
        {
            string name = i == 0 ? "tree" : "directory";
            TreeCalls.Check(TreeCalls.MakeDirectory(at, name, 0x1C0), "mkdir");
            int below = TreeCalls.Check(TreeCalls.Open(at, name, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open");
            _ = TreeCalls.Close(at);
            at = below;
        }

        _ = TreeCalls.Close(at);
        Remove("tree");
        Assert.Equal("", Shell.Run("ls", "-A", _folder.Path));
    }

    [Fact]
    public void What_a_link_leads_to_stays()
    {
        Shell.Script("mkdir outside tree; echo keep > outside/file; ln -s ../outside tree/link; ln -s $PWD/outside tree/absolute", _folder.Path);
        Remove("tree");
        Assert.Equal("keep\n", File.ReadAllText(Path.Combine(_folder.Path, "outside", "file")));
    }

    [Fact]
    public async Task Two_at_once_do_not_disturb_each_other()
    {
        Shell.Script("mkdir tree; cd tree; for d in $(seq 30); do mkdir $d; (cd $d; seq 50 | xargs touch); done", _folder.Path);
        await Task.WhenAll(Task.Run(() => Remove("tree")), Task.Run(() => Remove("tree")));
        Assert.Equal("", Shell.Run("ls", "-A", _folder.Path));
    }

    private void Remove(string name)
    {
        int folder = TreeCalls.Check(TreeCalls.Open(OpenFlags.AT_FDCWD, _folder.Path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open");
        RemoveTree.Remove(folder, name);
        _ = TreeCalls.Close(folder);
    }
}
