using System.Text;
using System.Text.Json.Nodes;
using Hafen.Oci;
using Hafen.Oci.Images;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Images.Tests;

/// <summary>What Docker loads loads here, whoever wrote it and however: documents are read as Go reads them.</summary>
public sealed class OtherHandsTests
{
    private static readonly byte[] s_one = TestImages.LayerOne, s_two = TestImages.LayerTwo;

    [Fact]
    public async Task Commands_may_be_text_and_names_of_members_in_any_case()
    {
        await using var store = StoreFixture.Open();
        byte[] config = Encoding.UTF8.GetBytes(
            $$$"""
            {"ARCHITECTURE":"{{{HostPlatform.Architecture}}}","Os":"linux","Created":"2024-01-02T03:04:05.678901234Z",
             "Config":{"entrypoint":"/bin/sh","cmd":"one","SHELL":"/bin/bash","ENV":["A=b"],"workingdir":"/w","healthCheck":{"test":["CMD","x"],"INTERVAL":5}},
             "rootFS":{"Type":"layers","Diff_IDs":["{{{Digest.OfSha256(s_one)}}}"]}}
            """);
        byte[] archive = new TarBuilder().Entry("c.json", '0', config).Entry("l.tar", '0', s_one)
            .File("manifest.json", """[{"config":"c.json","repotags":["app:1"],"LAYERS":["l.tar"]}]""").Build();
        var image = Assert.Single((await store.LoadAsync(archive)).Images);
        var process = image.Config.Config!;
        Assert.Equal("/bin/sh one /bin/bash A=b /w CMD 5", $"{process.Entrypoint!.Single()} {process.Cmd!.Single()} {process.Shell!.Single()} {process.Env!.Single()} {process.WorkingDir} {process.Healthcheck!.Test![0]} {process.Healthcheck.Interval}");
        Assert.Equal("2024-01-02T03:04:05.678901234Z", image.Config.CreatedText);
        Assert.Equal(config, store.Content.Read(image.Id));
    }

    /// <summary>Each member of each document, one after the other, as null: it reads as if it were not there, and a member of a list as an empty one.</summary>
    [Fact]
    public void Null_is_the_zero_value_everywhere()
    {
        const string Config =
            """
            {"created":"2024-01-02T03:04:05Z","author":"a","architecture":"amd64","variant":"v","os":"linux","os.version":"1","comment":"c","docker_version":"1","container":"x","parent":"p",
             "config":{"Hostname":"h","Domainname":"d","User":"u","ExposedPorts":{"80/tcp":{}},"Env":["A=b"],"Cmd":["c"],"Entrypoint":["e"],"ArgsEscaped":true,"Volumes":{"/v":{}},"WorkingDir":"/",
               "Labels":{"l":"m"},"StopSignal":"TERM","StopTimeout":1,"Shell":["sh"],"OnBuild":["RUN x"],"Healthcheck":{"Test":["NONE"],"Interval":1,"Timeout":1,"StartPeriod":1,"StartInterval":1,"Retries":1}},
             "rootfs":{"type":"layers","diff_ids":["sha256:0"]},"history":[{"created":"2024-01-02T03:04:05Z","created_by":"b","author":"a","comment":"c","empty_layer":true}]}
            """;
        const string Descriptor =
            """{"mediaType":"m","digest":"d","size":1,"urls":["u"],"annotations":{"a":"b"},"platform":{"architecture":"a","os":"o","os.version":"v","os.features":["f"],"variant":"v"},"artifactType":"t"}""";
        const string Manifest = $$$"""{"schemaVersion":2,"mediaType":"m","artifactType":"a","config":{{{Descriptor}}},"layers":[{{{Descriptor}}}],"annotations":{"a":"b"}}""";
        const string Index = $$$"""{"schemaVersion":2,"mediaType":"m","manifests":[{{{Descriptor}}}],"annotations":{"a":"b"}}""";
        const string Entries = $$$"""[{"Config":"c","RepoTags":["t"],"Layers":["l"],"LayerSources":{"d":{{{Descriptor}}}}}]""";
        const string V1 = """{"id":"i","parent":"p","created":"2024-01-02T03:04:05Z","container_config":{"Cmd":["c"]},"config":{"Cmd":["c"]},"author":"a","comment":"c","throwaway":true}""";
        Try(Config, bytes => ImageDocuments.ParseConfig(bytes));
        Try(Manifest, bytes => ImageDocuments.Members(ImageDocuments.ParseManifest(bytes).Layers));
        Try(Index, bytes => ImageDocuments.Members(ImageDocuments.Parse(bytes, ImageJson.Plain.ImageIndex, "index").Manifests));
        Try(Entries, bytes => ImageDocuments.Members(ImageDocuments.Parse(bytes, ImageJson.Plain.DockerArchiveEntryArray, "manifest.json")));
        Try(V1, bytes => ImageDocuments.Parse(bytes, ImageJson.Plain.DockerV1Image, "json"));
        Try("""{"app":{"1":"i"}}""", bytes => ImageDocuments.Parse(bytes, ImageJson.Plain.DictionaryStringDictionaryStringString, "repositories"));
    }

    [Fact]
    public async Task An_archive_of_another_platform_alone_is_loaded()
    {
        await using var store = StoreFixture.Open();
        const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
        byte[] config = TestImages.Config(s_one);
        byte[] manifest = TestImages.Manifest(config, s_one), absent = TestImages.Manifest(TestImages.Config(s_two), s_two);
        byte[] attestation = TestImages.Manifest(config);
        byte[] nested = TestImages.Index(
            (attestation, ManifestType, null, new { os = "unknown", architecture = "unknown" }),
            (absent, ManifestType, null, new { os = "linux", architecture = "sparc" }),
            (manifest, ManifestType, null, new { os = "linux", architecture = "mips" }));
        var result = await store.LoadAsync(TestImages.OciLayout(TestImages.Index((nested, "application/vnd.oci.image.index.v1+json", "a:1", null)), nested, manifest, config, s_one, attestation));
        Assert.Equal(Digest.OfSha256(config), Assert.Single(result.Images).Id);
        Assert.Equal(["a:1"], result.References);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_layer_without_a_single_byte_is_one_without_entries(bool first)
    {
        await using var store = StoreFixture.Open();
        TarBuilder tar = new();
        if (first)
        {
            tar.File("aaa/json", """{"id":"aaa","os":"linux"}""").File("aaa/layer.tar")
                .Entry("bbb/layer.tar", '0', s_one).File("bbb/json", """{"id":"bbb","parent":"aaa","os":"linux"}""").File("repositories", """{"old":{"1":"bbb"}}""");
        }
        else
        {
            byte[] config = TestImages.Config([], s_one);
            tar.Entry("c.json", '0', config).File("e/layer.tar").Entry("l.tar", '0', s_one).File("manifest.json", """[{"Config":"c.json","RepoTags":["old:1"],"Layers":["e/layer.tar","l.tar"]}]""");
        }

        var image = Assert.Single((await store.LoadAsync(tar.Build())).Images);
        Assert.Equal([Digest.OfSha256([]).ToString(), Digest.OfSha256(s_one).ToString()], image.Config.Rootfs!.DiffIds);
        byte[] saved = await store.SaveAsync("old:1");
        await using var other = StoreFixture.Open();
        Assert.Equal(image.Id, Assert.Single((await other.LoadAsync(saved)).Images).Id);
    }

    [Fact]
    public async Task Who_loses_a_name_is_told()
    {
        await using var store = StoreFixture.Open();
        var before = Assert.Single((await store.LoadAsync(TestImages.DockerArchive(["app:1", "app:2"], TestImages.Config(s_one), s_one))).Images);
        var result = await store.LoadAsync(TestImages.DockerArchive(["app:1", "app:3"], TestImages.Config(s_two), s_two));
        Assert.Equal([new RenamedImage("app:1", before.Id)], result.Renamed);
        Assert.Empty((await store.LoadAsync(TestImages.DockerArchive(["app:1"], TestImages.Config(s_two), s_two))).Renamed);
    }

    [Fact]
    public async Task An_archive_without_images_is_one()
    {
        await using var store = StoreFixture.Open();
        Assert.Empty((await store.LoadAsync(new TarBuilder().File("manifest.json", "[]").Build())).Images);
    }

    [Fact]
    public async Task The_old_list_of_names_points_at_the_topmost_layer_in_the_archive()
    {
        await using var store = StoreFixture.Open();
        await store.LoadAsync(TestImages.DockerArchive(["app:1"], TestImages.Config(s_one, s_two), s_one, s_two));
        string archive = Encoding.Latin1.GetString(await store.SaveAsync("app:1"));
        Assert.Contains($$$"""{"app":{"1":"{{{TestImages.Hex(s_two)}}}"}}""", archive, StringComparison.Ordinal);
    }

    private static void Try(string text, Action<byte[]> read)
    {
        read(Encoding.UTF8.GetBytes(text));
        int count = Nodes(JsonNode.Parse(text)!).Count();
        for (int i = 0; i < count; i++)
        {
            var document = JsonNode.Parse(text)!;
            var (parent, key, index) = Nodes(document).ElementAt(i);
            if (key is null)
                parent[index] = null;
            else
                parent[key] = null;
            read(Encoding.UTF8.GetBytes(document.ToJsonString()));
        }
    }

    /// <summary>Everything below a node, by where it is.</summary>
    private static IEnumerable<(JsonNode Parent, string? Key, int Index)> Nodes(JsonNode node)
    {
        var children = node is JsonObject map ? map.Select(m => (m.Value, (string?)m.Key, 0)) : node is JsonArray list ? list.Select((v, i) => (v, (string?)null, i)) : [];
        foreach (var (value, key, index) in children.ToList())
        {
            yield return (node, key, index);
            if (value is null)
                continue;
            foreach (var below in Nodes(value))
                yield return below;
        }
    }
}
