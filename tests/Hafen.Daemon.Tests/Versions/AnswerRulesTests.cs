using System.Text.Json.Nodes;
using Hafen.Api;
using Hafen.Daemon.Http.Routing;
using Hafen.Daemon.Tests.Http;
using Hafen.Daemon.Versions;

namespace Hafen.Daemon.Tests.Versions;

/// <summary>What older clients see.</summary>
public sealed class AnswerRulesTests
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
        var image = Assert.Single(AnswerRules.Table.Adapt<ImageSummary[]>([s_nameless], new ApiVersion(1, minor)));
        Assert.Equal(containers, image.Containers);
        Assert.Equal(virtualSize, image.VirtualSize);
        Assert.Equal(names, image.RepoTags.Length);
    }

    [Fact]
    public void Disk_usage_counts_containers_for_clients_of_all_versions()
    {
        var image = Assert.Single(AnswerRules.Table.Adapt(new DiskUsage { Images = [s_nameless] }, new ApiVersion(1, 41)).Images!);
        Assert.Equal((2, 5, 1), (image.Containers, image.VirtualSize, image.RepoTags.Length));
        Assert.Null(AnswerRules.Table.Adapt(new DiskUsage(), new ApiVersion(1, 41)).Images);
    }

    [Theory]
    [InlineData(46, true)]
    [InlineData(45, false)]
    public void Annotations_of_listed_containers(int minor, bool shown)
    {
        var container = new ContainerSummary
        {
            Id = "a",
            Names = ["/a"],
            Ports = [],
            Labels = [],
            State = "created",
            Status = "Created",
            HostConfig = new ContainerSummaryHostConfig { NetworkMode = "none", Annotations = new() { ["k"] = "v" } },
            Mounts = [],
        };
        var seen = Assert.Single(AnswerRules.Table.Adapt<ContainerSummary[]>([container], new ApiVersion(1, minor)));
        Assert.Equal(shown, seen.HostConfig.Annotations is not null);
        Assert.Equal("none", seen.HostConfig.NetworkMode);
    }

    [Theory]
    [InlineData("v1.51", false, false, false, true)]
    [InlineData("v1.49", true, false, false, true)]
    [InlineData("v1.48", true, true, false, false)]
    [InlineData("v1.46", true, true, true, false)]
    public async Task Info(string version, bool bridgeFilters, bool expected, bool artifacts, bool firewall)
    {
        var info = new SystemInfo
        {
            Plugins = new SystemPlugins(),
            Swarm = new SwarmInfo { LocalNodeState = "inactive" },
            RegistryConfig = new RegistryServiceConfig(),
            ContainerdCommit = new SystemCommit { ID = "c" },
            RuncCommit = new SystemCommit { ID = "r" },
            InitCommit = new SystemCommit { ID = "i" },
            FirewallBackend = new SystemFirewall { Driver = "nftables" },
        };
        await using var server = await TestServer.StartAsync(new RouteTable().Get("/info", request => request.WriteJsonAsync(info, ApiJson.Default.SystemInfo)));
        using var client = server.Client();
        var node = JsonNode.Parse(await client.GetStringAsync(new Uri($"/{version}/info", UriKind.Relative)))!.AsObject();
        Assert.Equal(bridgeFilters, node.ContainsKey("BridgeNfIptables"));
        Assert.Equal(expected ? "r" : null, (string?)node["RuncCommit"]!["Expected"]);
        Assert.Equal(artifacts, node["RegistryConfig"]!.AsObject().ContainsKey("AllowNondistributableArtifactsCIDRs"));
        Assert.Equal(firewall, node.ContainsKey("FirewallBackend"));
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
        await using var server = await TestServer.StartAsync(new RouteTable().Get("/image", request => request.WriteJsonAsync(image, ApiJson.Default.ImageInspect)));
        using var client = server.Client();
        var node = JsonNode.Parse(await client.GetStringAsync(new Uri($"/{version}/image", UriKind.Relative)))!.AsObject();
        Assert.Equal(members, string.Join(' ', node.Select(member => member.Key)));
        Assert.Equal(config, string.Join(' ', node["Config"]!.AsObject().Select(member => member.Key)));
    }
}
