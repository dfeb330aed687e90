using System.Text.Json.Nodes;
using Hafen.Api;
using Hafen.Daemon.Http.Routing;
using Hafen.Daemon.Tests.Http;
using Hafen.Daemon.Versions;

namespace Hafen.Daemon.Tests.Versions;

/// <summary>What older clients see.</summary>
public sealed class AnswerTests
{
    private static readonly ImageSummary s_nameless = new()
    {
        Id = "sha256:0",
        RepoTags = [],
        RepoDigests = [],
        Size = 5,
        SharedSize = -1,
        Containers = 2,
    };

    [Theory]
    [InlineData(51, 2L, null, 0)]
    [InlineData(50, -1L, null, 0)]
    [InlineData(43, -1L, 5L, 0)]
    [InlineData(42, -1L, 5L, 1)]
    public void Image_lists(int minor, long containers, long? virtualSize, int names)
    {
        var image = Assert.Single(ImageAnswers.For(new ApiVersion(1, minor), [s_nameless]));
        Assert.Equal(containers, image.Containers);
        Assert.Equal(virtualSize, image.VirtualSize);
        Assert.Equal(names, image.RepoTags.Length);
    }

    [Theory]
    [InlineData("v1.51", "Id RepoTags RepoDigests Parent Comment DockerVersion Author Config Architecture Os Size GraphDriver RootFS Metadata", "User")]
    [InlineData("v1.49", "Id RepoTags RepoDigests Parent Comment DockerVersion Author Config Architecture Os Size GraphDriver RootFS Metadata",
        "User Hostname Domainname Image WorkingDir AttachStdin AttachStdout AttachStderr Tty OpenStdin StdinOnce Env Cmd Volumes Entrypoint OnBuild Labels")]
    [InlineData("v1.41", "Id RepoTags RepoDigests Parent Comment Created DockerVersion Author Config Architecture Os Size VirtualSize GraphDriver RootFS Metadata Container ContainerConfig",
        "User Hostname Domainname Image WorkingDir AttachStdin AttachStdout AttachStderr Tty OpenStdin StdinOnce Env Cmd Volumes Entrypoint OnBuild Labels")]
    public async Task Inspected_images(string version, string members, string config)
    {
        var image = new ImageInspect
        {
            Id = "sha256:0",
            RepoTags = [],
            RepoDigests = [],
            Size = 5,
            Config = new ImageInspectConfig { User = "me" },
            GraphDriver = new GraphDriverData { Name = "overlay2" },
            RootFS = new ImageRootFS(),
            Metadata = new ImageMetadata { LastTagTime = GoTime.Zero },
        };
        await using var server = await TestServer.StartAsync(new RouteTable().Get("/image", request => ImageAnswers.WriteAsync(request, image)));
        using var client = server.Client();
        var node = JsonNode.Parse(await client.GetStringAsync(new Uri($"/{version}/image", UriKind.Relative)))!.AsObject();
        Assert.Equal(members, string.Join(' ', node.Select(member => member.Key)));
        Assert.Equal(config, string.Join(' ', node["Config"]!.AsObject().Select(member => member.Key)));
    }
}
