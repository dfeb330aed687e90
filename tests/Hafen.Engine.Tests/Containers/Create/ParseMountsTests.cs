using Hafen.Api;
using Hafen.Engine.Containers.Create;

namespace Hafen.Engine.Tests.Containers.Create;

public sealed class ParseMountsTests
{
    [Theory]
    [InlineData("/data", "volume", null, null, "/data", true)]
    [InlineData("vol:/data", "volume", "vol", null, "/data", true)]
    [InlineData("vol:/data:ro", "volume", "vol", null, "/data", false)]
    [InlineData("/src:/data", "bind", null, "/src", "/data", true)]
    [InlineData("/src/../s//:/data/:ro,rslave", "bind", null, "/s", "/data", false)]
    [InlineData("/src:/data:z,cached", "bind", null, "/src", "/data", true)]
    public void Binds(string text, string type, string? name, string? source, string destination, bool writable)
    {
        var (mount, _) = ParseMounts.Bind(text, null);
        Assert.Equal((type, name, source, destination, writable), (mount.Type, mount.Name, mount.Source, mount.Destination, mount.Writable));
    }

    [Theory]
    [InlineData("", "invalid volume specification: ''")]
    [InlineData(":/data", "invalid volume specification: ':/data'")]
    [InlineData("/data:ro", "invalid volume specification: '/data:ro'")]
    [InlineData("a:b:c:d", "invalid volume specification: 'a:b:c:d'")]
    [InlineData("/a:/b:rw,ro", "invalid mode: rw,ro")]
    [InlineData("/a:/b:loud", "invalid mode: loud")]
    [InlineData("/a:/b:nocopy", "invalid volume specification: '/a:/b:nocopy': invalid mount config for type \"bind\": field VolumeOptions must not be specified")]
    [InlineData("/a:/", "invalid volume specification: '/a:/': invalid mount config for type \"bind\": invalid specification: destination can't be '/'")]
    [InlineData("/a:b", "invalid volume specification: '/a:b': invalid mount config for type \"bind\": invalid mount path: 'b' mount path must be absolute")]
    public void Malformed_binds_are_refused_in_dockers_words(string text, string message)
        => Assert.Equal(message, Assert.Throws<EngineException>(() => ParseMounts.Bind(text, null)).Message);

    [Fact]
    public void A_missing_source_of_a_mount_is_refused_unless_it_may_be_made()
    {
        var request = new MountRequest { Type = "bind", Source = "/nowhere", Target = "/data" };
        var error = Assert.Throws<EngineException>(() => ParseMounts.Request(request, _ => false));
        Assert.Equal("invalid mount config for type \"bind\": bind source path does not exist: /nowhere", error.Message);
        var (mount, _) = ParseMounts.Request(request with { BindOptions = new BindOptions { CreateMountpoint = true } }, _ => false);
        Assert.Equal("rprivate", mount.Propagation);
    }

    [Theory]
    [InlineData("tmpfs", "x", "field Source must not be specified")]
    [InlineData("bind", null, "field Source must not be empty")]
    [InlineData("npipe", null, "mount type unknown")]
    public void Mount_types_are_checked(string type, string? source, string problem)
    {
        var error = Assert.Throws<EngineException>(() => ParseMounts.Request(new MountRequest { Type = type, Source = source, Target = "/t" }, _ => true));
        Assert.Equal($"invalid mount config for type \"{type}\": {problem}", error.Message);
    }

    [Theory]
    [InlineData("", "noexec,nosuid,nodev")]
    [InlineData("exec,size=64m", "nosuid,nodev,exec,size=64m")]
    [InlineData("rw,noexec", "noexec,nosuid,nodev,rw")]
    public void Tmpfs_words(string words, string expected) => Assert.Equal(expected, TmpfsSettings.FromWords(words));

    [Theory]
    [InlineData("evil=1")]
    [InlineData("bind")]
    [InlineData("remount")]
    public void An_unknown_tmpfs_word_is_refused(string word)
        => Assert.Equal($"invalid tmpfs option [\"{word}\"]", Assert.Throws<EngineException>(() => TmpfsSettings.FromWords(word)).Message);

    [Theory]
    [InlineData("data", "data")]
    [InlineData("a/../b/", "b")]
    [InlineData("/data/", "/data")]
    public void Volumes_of_images_may_be_relative(string written, string shown) => Assert.Equal(shown, ParseMounts.Anonymous(written, null).Destination);

    [Theory]
    [InlineData("/")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("")]
    public void Volumes_of_images_do_not_cover_the_root(string written) => Assert.Throws<EngineException>(() => ParseMounts.Anonymous(written, null));
}
