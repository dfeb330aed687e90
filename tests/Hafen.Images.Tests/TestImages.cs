using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Hafen.Oci;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Images.Tests;

/// <summary>Archives of images, made here and independent of the code under test.</summary>
internal static class TestImages
{
    public static byte[] LayerOne { get; } = new TarBuilder().Folder("bin").File("bin/sh", "shell", 0x1ED).Folder("etc").File("etc/conf", "one").Build();

    public static byte[] LayerTwo { get; } = new TarBuilder().Folder("etc").File("etc/conf", "two").File("etc/.wh.gone").Build();

    public static byte[] Empty { get; } = new byte[1024];

    public static byte[] Config(params byte[][] layers) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        architecture = HostPlatform.Architecture,
        os = "linux",
        created = "2024-01-02T03:04:05.678901234Z",
        config = new { Env = new[] { "A=b" }, Cmd = new[] { "/bin/sh" } },
        rootfs = new { type = "layers", diff_ids = layers.Select(l => Digest.OfSha256(l).ToString()) },
        history = layers.Select(_ => new { created_by = "test" }),
        something_of_another_program = true,
    });

    public static string Hex(byte[] content) => Digest.OfSha256(content).Hex;

    /// <summary>As <c>docker save</c> of 20.10 writes it: the manifest at the end, layers in folders.</summary>
    public static byte[] DockerArchive(string[] names, byte[] config, params byte[][] layers)
    {
        TarBuilder tar = new();
        for (int i = 0; i < layers.Length; i++)
            tar.Folder($"v1id{i}/").File($"v1id{i}/VERSION", "1.0").Entry($"v1id{i}/layer.tar", '0', layers[i]);
        tar.Entry($"{Hex(config)}.json", '0', config);
        tar.Entry("manifest.json", '0', JsonSerializer.SerializeToUtf8Bytes(new[]
        {
            new { Config = $"{Hex(config)}.json", RepoTags = names, Layers = layers.Select((_, i) => $"v1id{i}/layer.tar") },
        }));
        return tar.Build();
    }

    /// <summary>As buildah and skopeo write it, with layers given as they are to lie in the archive.</summary>
    public static byte[] OciArchive(string? refName, byte[] config, params byte[][] blobs)
    {
        byte[] manifest = Manifest(config, blobs);
        byte[] index = Index((manifest, "application/vnd.oci.image.manifest.v1+json", refName, null));
        return OciLayout(index, [config, manifest, .. blobs]);
    }

    public static byte[] Manifest(byte[] config, params byte[][] blobs) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        schemaVersion = 2,
        config = new { mediaType = "application/vnd.oci.image.config.v1+json", digest = $"sha256:{Hex(config)}", size = config.Length },
        layers = blobs.Select(b => new { mediaType = "application/vnd.oci.image.layer.v1.tar+gzip", digest = $"sha256:{Hex(b)}", size = b.Length }),
    });

    public static byte[] Index(params (byte[] Content, string MediaType, string? RefName, object? Platform)[] entries)
        => JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            manifests = entries.Select(e => new
            {
                mediaType = e.MediaType,
                digest = $"sha256:{Hex(e.Content)}",
                size = e.Content.Length,
                platform = e.Platform,
                annotations = e.RefName is null ? null : new Dictionary<string, string> { ["org.opencontainers.image.ref.name"] = e.RefName },
            }),
        });

    public static byte[] OciLayout(byte[] index, params byte[][] blobs)
    {
        TarBuilder tar = new();
        tar.Folder("blobs/").Folder("blobs/sha256/");
        foreach (byte[] blob in blobs)
            tar.Entry($"blobs/sha256/{Hex(blob)}", '0', blob);
        tar.File("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
        tar.Entry("index.json", '0', index);
        return tar.Build();
    }

    /// <summary>As Docker before 1.10 wrote it.</summary>
    public static byte[] LegacyArchive()
    {
        TarBuilder tar = new();
        tar.Folder("aaa/").Entry("aaa/json", '0', Encoding.UTF8.GetBytes("""{"id":"aaa","created":"2014-01-01T00:00:00Z","container_config":{"Cmd":["/bin/sh","-c","one"]},"os":"linux"}"""));
        tar.Entry("aaa/layer.tar", '0', LayerOne);
        tar.Folder("bbb/").Entry("bbb/json", '0', Encoding.UTF8.GetBytes("""{"id":"bbb","parent":"aaa","created":"2014-01-02T00:00:00Z","config":{"Cmd":["/bin/sh"]},"os":"linux","architecture":"amd64"}"""));
        tar.Entry("bbb/layer.tar", '0', LayerTwo);
        tar.Folder("ccc/").Entry("ccc/json", '0', Encoding.UTF8.GetBytes("""{"id":"ccc","parent":"bbb","created":"2014-01-03T00:00:00Z","config":{"Cmd":["/bin/sh"]},"os":"linux","architecture":"amd64"}"""));
        tar.Link("ccc/layer.tar", "../bbb/layer.tar");
        tar.File("repositories", """{"old/image":{"v1":"ccc"}}""");
        return tar.Build();
    }

    public static byte[] Gzip(byte[] content)
    {
        MemoryStream target = new();
        using (GZipStream gzip = new(target, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return target.ToArray();
    }
}
