using Hafen.Engine.Reconcile;
using Hafen.Engine.Tests.Fakes;
using Hafen.Linux.Cgroups;

namespace Hafen.Engine.Tests.Reconcile;

public sealed class EmptyPlacesTests : IAsyncLifetime
{
    private readonly string _parent = "/hafen-places-" + Guid.NewGuid().ToString("N")[..8];
    private readonly CgroupHierarchies _host = CgroupHierarchies.Detect();
    private readonly TestEngine _test;

    public EmptyPlacesTests() => _test = new TestEngine(_parent + "/below");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public void A_daemon_that_ends_takes_its_empty_parents_with_it()
    {
        _test.Engine.Places.Note();
        Directory.CreateDirectory(Path.Combine(_test.RunRoot, "containers"));
        using var cgroup = Cgroup.Create(_host, _parent + "/below/x", null);

        // The next daemon on the same folders finds them there, and they are its own all the same.
        _test.Engine.Places.Note();
        _test.Engine.Places.Remove();
        Assert.True(cgroup.Exists);
        cgroup.Destroy();
        _test.Engine.Places.Remove();
        Assert.False(Exists(_parent));
        Assert.Empty(Directory.GetFileSystemEntries(_test.RunRoot));
    }

    [Fact]
    public void What_the_operator_has_made_stays()
    {
        using var theirs = Cgroup.Create(_host, _parent, null);
        try
        {
            _test.Engine.Places.Note();
            using var cgroup = Cgroup.Create(_host, _parent + "/below/x", null);
            cgroup.Destroy();
            _test.Engine.Places.Remove();
            Assert.False(Exists(_parent + "/below"));
            Assert.True(theirs.Exists);
        }
        finally
        {
            theirs.Destroy();
        }
    }

    private bool Exists(string path)
    {
        using var cgroup = Cgroup.Open(_host, path);
        return cgroup.Exists;
    }
}
