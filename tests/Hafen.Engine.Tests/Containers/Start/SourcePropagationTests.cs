using Hafen.Engine.Containers.Start;
using Hafen.Linux.Procfs;

namespace Hafen.Engine.Tests.Containers.Start;

public sealed class SourcePropagationTests
{
    private static readonly MountInfo[] s_mounts =
    [
        Mount("/", ""), Mount("/s", "shared:1"), Mount("/s/l", "master:1"), Mount("/p", "shared:2"), Mount("/p", ""),
    ];

    [Theory]
    [InlineData("/s", "rshared", null)]
    [InlineData("/s/deep", "shared", null)]
    [InlineData("/s/l", "rslave", null)]
    [InlineData("/s", "slave", null)]
    [InlineData("/x", "rprivate", null)]
    [InlineData("/x", null, null)]
    [InlineData("/sx", "shared", "path /sx is mounted on / but it is not a shared mount")]
    [InlineData("/s/l/x", "rshared", "path /s/l/x is mounted on /s/l but it is not a shared mount")]
    [InlineData("/p/x", "slave", "path /p/x is mounted on /p but it is not a shared or slave mount")]
    public void What_would_not_propagate_is_refused_in_dockers_words(string source, string? propagation, string? refusal) =>
        Assert.Equal(refusal, SourcePropagation.Refusal(source, propagation, s_mounts));

    private static MountInfo Mount(string point, string optional) => new(1, 1, 0, 1, "/", point, "rw", optional, "ext4", "/dev/x", "rw");
}
