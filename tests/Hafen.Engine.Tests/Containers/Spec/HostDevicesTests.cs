using Hafen.Api;
using Hafen.Engine.Containers.Spec;
using Hafen.Errors;

namespace Hafen.Engine.Tests.Containers.Spec;

public sealed class HostDevicesTests
{
    [Fact]
    public void What_is_named_often_is_looked_at_once()
    {
        var once = HostDevices.Of(With("/dev", "/dev"));
        Assert.Contains(once, device => device.Node.Path == "/dev/null");
        var mapping = new DeviceMapping { PathOnHost = "/dev", PathInContainer = "/dev", CgroupPermissions = "r" };
        Assert.Equal(once.Count, HostDevices.Of(new HostConfig { Devices = [.. Enumerable.Repeat(mapping, 50_000)] }).Count);
    }

    [Fact]
    public void There_is_an_end_to_how_many_files_are_looked_at()
    {
        var mappings = Enumerable.Range(0, 70_000).Select(i => new DeviceMapping { PathOnHost = "/dev/null", PathInContainer = "/dev/" + i });
        var error = Assert.Throws<EngineException>(() => HostDevices.Of(new HostConfig { Devices = [.. mappings] }));
        Assert.Equal(ErrorKind.InvalidParameter, error.Kind);
        Assert.StartsWith("too many devices", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..", "no absolute path")]
    [InlineData("dev/null", "no absolute path")]
    [InlineData("", "no such file or directory")]
    [InlineData("/dev/not-there", "no such file or directory")]
    [InlineData("/etc/passwd", "not a device node")]
    public void What_is_no_device_is_refused(string path, string reason)
    {
        var error = Assert.Throws<EngineException>(() => HostDevices.Of(With(path, "/dev/x")));
        Assert.Equal($"error gathering device information while adding custom device \"{path}\": {reason}", error.Message);
    }

    private static HostConfig With(string source, string target)
        => new() { Devices = [new DeviceMapping { PathOnHost = source, PathInContainer = target, CgroupPermissions = "r" }] };
}
