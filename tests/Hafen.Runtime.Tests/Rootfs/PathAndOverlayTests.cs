using Hafen.Runtime.Rootfs;

namespace Hafen.Runtime.Tests.Rootfs;

public class PathAndOverlayTests
{
    [Theory]
    [InlineData("/a/b", "/a/b")]
    [InlineData("a//b/", "/a/b")]
    [InlineData("/a/./b/../c", "/a/c")]
    [InlineData("/../../etc", "/etc")]
    [InlineData("", "/")]
    public void A_containers_path_is_made_clean(string path, string clean) => Assert.Equal(clean, ContainerPath.Clean(path));

    [Fact]
    public void Layers_become_parameters_one_by_one_topmost_first() =>
        Assert.Equal<IEnumerable<string?>>(
            ["source", "overlay", "lowerdir+", "/top", "lowerdir+", "/mid", "lowerdir+", "/bottom", "upperdir", "/u", "workdir", "/w", "xino", "off"],
            OverlayParameters.From(null, [("lowerdir", "/top:/mid:/bottom"), ("upperdir", "/u"), ("workdir", "/w"), ("xino", "off")]));

    [Fact]
    public void A_colon_in_a_layers_name_is_escaped() =>
        Assert.Equal<IEnumerable<string?>>(["source", "s", "lowerdir+", "/a:b", "lowerdir+", "/c"], OverlayParameters.From("s", [("lowerdir", "/a\\:b:/c")]));

    [Theory]
    [InlineData(1, 3, 0x103)]
    [InlineData(5, 0, 0x500)]
    [InlineData(8, 256, 0x100800)]
    public void Device_numbers_are_encoded_as_the_kernel_does(long major, long minor, uint number) => Assert.Equal(number, DevicePlanner.Number(major, minor));
}
