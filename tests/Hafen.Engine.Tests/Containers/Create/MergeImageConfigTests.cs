using Hafen.Api;
using Hafen.Engine.Containers.Create;
using Hafen.Oci.Images;

namespace Hafen.Engine.Tests.Containers.Create;

public sealed class MergeImageConfigTests
{
    private static readonly ImageProcessConfig s_image = new()
    {
        Entrypoint = ["/entry"],
        Cmd = ["default"],
        Env = ["PATH=/bin", "A=image"],
        User = "app",
        WorkingDir = "/srv",
        Labels = new() { ["a"] = "image", ["b"] = "image" },
        StopSignal = "SIGQUIT",
    };

    [Theory]
    [InlineData(null, null, "/entry", "default")]
    [InlineData(null, "x", "/entry", "x")]
    [InlineData("/own", null, "/own", "")]
    [InlineData("/own", "x", "/own", "x")]
    public void Entrypoint_and_command(string? entrypoint, string? command, string expectedEntrypoint, string expectedCommand)
    {
        var merged = MergeImageConfig.Merge(
            new ContainerConfig { Entrypoint = entrypoint is null ? null : [entrypoint], Cmd = command is null ? null : [command] }, s_image);
        Assert.Equal(expectedEntrypoint, string.Join(' ', merged.Entrypoint ?? []));
        Assert.Equal(expectedCommand, string.Join(' ', merged.Cmd ?? []));
    }

    [Fact]
    public void An_empty_entrypoint_takes_the_images_away()
    {
        var merged = MergeImageConfig.Merge(new ContainerConfig { Entrypoint = [""], Cmd = ["ls"] }, s_image);
        Assert.Null(merged.Entrypoint);
        Assert.Equal(["ls"], merged.Cmd!);
    }

    [Fact]
    public void The_request_wins_and_the_image_fills_in()
    {
        var merged = MergeImageConfig.Merge(new ContainerConfig { Env = ["A=own", "B=1"], Labels = new() { ["a"] = "own" } }, s_image);
        Assert.Equal(["A=own", "B=1", "PATH=/bin"], merged.Env!);
        Assert.Equal("app", merged.User);
        Assert.Equal("/srv", merged.WorkingDir);
        Assert.Equal("SIGQUIT", merged.StopSignal);
        Assert.Equal("own", merged.Labels!["a"]);
        Assert.Equal("image", merged.Labels["b"]);
    }

    [Fact]
    public void Nothing_to_execute_is_refused()
        => Assert.Equal("no command specified", Assert.Throws<EngineException>(() => MergeImageConfig.Merge(new ContainerConfig(), null)).Message);
}
