using Hafen.Engine.Containers.Create;
using Hafen.Engine.State;

namespace Hafen.Engine.Tests.Containers.Create;

public sealed class StateFolderRuleTests
{
    private const string Root = "/var/lib/hafen";

    [Theory]
    [InlineData("/var/lib/hafen")]
    [InlineData("/var/lib/hafen/volumes/x/_data")]
    [InlineData("/var/lib")]
    [InlineData("/")]
    public void What_holds_our_mounts_follows_the_host(string source)
    {
        var mount = StateFolderRule.Apply(Bind(source, "rprivate"), explicitly: false, Root);
        Assert.Equal(("rslave", true), (mount.Propagation, mount.FollowsHost));
    }

    [Theory]
    [InlineData("/var/lib/hafen2")]
    [InlineData("/var/libx")]
    [InlineData("/srv")]
    public void What_does_not_is_left_alone(string source)
    {
        Assert.Equal("rprivate", StateFolderRule.Apply(Bind(source, "rprivate"), explicitly: false, Root).Propagation);
        Assert.Equal("private", StateFolderRule.Apply(Bind(source, "private"), explicitly: true, Root).Propagation);
    }

    [Theory]
    [InlineData("private")]
    [InlineData("rprivate")]
    [InlineData("shared")]
    [InlineData("slave")]
    public void A_copy_that_would_keep_our_mounts_is_refused(string propagation)
        => Assert.Equal(
            $"invalid mount config: must use either propagation mode \"rslave\" or \"rshared\" when mount source is within the daemon root, daemon root: \"{Root}\", bind mount source: \"/var/lib\", propagation: \"{propagation}\"",
            Assert.Throws<EngineException>(() => StateFolderRule.Apply(Bind("/var/lib", propagation), explicitly: true, Root)).Message);

    [Theory]
    [InlineData("rslave")]
    [InlineData("rshared")]
    public void Words_that_follow_are_taken_as_they_are(string propagation)
    {
        var mount = StateFolderRule.Apply(Bind(Root, propagation), explicitly: true, Root);
        Assert.Equal((propagation, false), (mount.Propagation, mount.FollowsHost));
    }

    private static ContainerMount Bind(string source, string propagation)
        => new() { Type = "bind", Source = source, Destination = "/x", Writable = true, Propagation = propagation };
}
