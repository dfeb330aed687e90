using System.Diagnostics;
using System.Text.Json;
using Hafen.Oci;
using Hafen.Oci.Images;
using Hafen.Snapshots.Tests;

namespace Hafen.Images.Tests;

/// <summary>Archives go back and forth between Hafen and the programs people have.</summary>
public sealed class OtherProgramsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("docker-archive", "docker-archive:{0}:back:1")]
    [InlineData("oci-archive", "oci-archive:{0}:back:1")]
    [InlineData("oci-archive with zstd", "--dest-compress-format=zstd oci-archive:{0}:back:1")]
    public async Task Skopeo_reads_ours_and_we_read_its(string what, string target)
    {
        if (!Shell.Has("skopeo"))
            Assert.Skip("skopeo is not installed");
        await using var store = await MakeAsync();
        string ours = $"{_folder.Path}/ours.tar", back = $"{_folder.Path}/back.tar";
        await File.WriteAllBytesAsync(ours, await store.SaveAsync("made/here:1"));
        Shell.Run("skopeo", ["--insecure-policy", "copy", "-q", $"docker-archive:{ours}", .. string.Format(target, back).Split(' ')]);
        Shell.Run("skopeo", "--insecure-policy", "copy", "-q", $"oci-archive:{ours}", $"dir:{_folder.Path}/dir");
        Assert.NotEmpty(what);

        await using var other = StoreFixture.Open();
        var result = await other.LoadAsync(back);
        Assert.Equal(["back:1"], result.References);
        await AssertSameAsync(store, other, result.Images[0]);
    }

    [Fact]
    public async Task Buildahs_archive_loads()
    {
        if (!Shell.Has("buildah"))
            Assert.Skip("buildah is not installed");
        string archive = $"{_folder.Path}/built.tar";
        Shell.Script(
            $"""
            mkdir context; echo content > context/file; mknod context/null c 1 3; setfattr -n user.note -v text context/file
            b() (buildah --root {_folder.Path}/root --runroot {_folder.Path}/run --storage-driver vfs "$@")
            c=$(b from scratch); b add -q $c context /data; b config --cmd /data/file --env A=b $c
            b commit -q --squash $c oci-archive:{archive}:built/here:2 >&2
            """,
            _folder.Path);
        await using var store = StoreFixture.Open();
        var result = await store.LoadAsync(archive);
        Assert.Equal(["built/here:2"], result.References);
        Assert.Contains("A=b", result.Images[0].Config.Config!.Env!);
        Assert.True(result.Images[0].Size > 0);
    }

    [Fact]
    public async Task Docker_reads_ours_and_we_read_its()
    {
        if (!Shell.Has("dockerd") || !Shell.Has("docker"))
            Assert.Skip("docker is not installed");
        // Docker loads layers with sparse files but cannot save them again: its record of the tar does not know them.
        await using var store = await MakeAsync(tarOptions: "");
        string ours = $"{_folder.Path}/ours.tar", back = $"{_folder.Path}/back.tar", folder = $"{_folder.Path}/d";
        await File.WriteAllBytesAsync(ours, await store.SaveAsync("made/here:1"));
        Directory.CreateDirectory(folder);
        string socket = $"unix://{folder}/docker.sock";
        ProcessStartInfo start = new(
            "dockerd",
            ["--data-root", $"{folder}/data", "--exec-root", $"{folder}/exec", "--pidfile", $"{folder}/pid", "-H", socket, "--bridge=none", "--iptables=false"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var daemon = Process.Start(start)!;
        daemon.OutputDataReceived += (_, _) => { };
        daemon.ErrorDataReceived += (_, _) => { };
        daemon.BeginOutputReadLine();
        daemon.BeginErrorReadLine();
        try
        {
            for (int i = 0; i < 300 && !File.Exists($"{folder}/docker.sock"); i++)
                await Task.Delay(100);
            Shell.Script($"for i in $(seq 100); do docker -H {socket} version >/dev/null 2>&1 && exit 0; sleep 0.1; done; exit 1");
            Assert.Equal("Loaded image: made/here:1\n", Shell.Run("docker", "-H", socket, "load", "-i", ours));
            Assert.Equal(store.Images.Find("made/here:1")!.Id.ToString(), Shell.Run("docker", "-H", socket, "image", "inspect", "-f", "{{.Id}}", "made/here:1").Trim());
            Shell.Run("docker", "-H", socket, "save", "-o", back, "made/here:1");
        }
        finally
        {
            // SIGTERM, so that it stops its own containerd.
            Shell.Run("kill", "-TERM", $"{daemon.Id}");
            daemon.WaitForExit(20_000);
            if (!daemon.HasExited)
                daemon.Kill(entireProcessTree: true);
            // It may leave its data folder mounted on itself.
            Shell.Script($"umount -l {folder}/data 2>/dev/null || true");
        }

        await using var other = StoreFixture.Open();
        var result = await other.LoadAsync(back);
        Assert.Equal(["made/here:1"], result.References);
        Assert.Equal(store.Images.Find("made/here:1")!.Id, result.Images[0].Id);
        await AssertSameAsync(store, other, result.Images[0]);
    }

    /// <summary>An image of two layers with everything that can be in one.</summary>
    private async Task<StoreFixture> MakeAsync(string tarOptions = "--sparse")
    {
        Shell.Script(
            $"""
            mkdir -p one/bin one/dir two/dir
            cp /bin/busybox one/bin/busybox 2>/dev/null || cp /bin/sh one/bin/busybox
            ln one/bin/busybox one/bin/sh; ln -s sh one/bin/ash; chmod 4755 one/bin/sh; setfattr -n user.note -v text one/dir
            mknod one/null c 1 3; mkfifo one/pipe; truncate -s 3M one/sparse; echo end >> one/sparse; echo gone > one/dir/gone
            echo two > two/dir/new; touch two/dir/.wh.gone; chown 1:2 two/dir/new
            tar --format=posix --xattrs {tarOptions} --numeric-owner -C one -cf one.tar .
            tar --format=gnu --numeric-owner -C two -cf two.tar .
            """,
            _folder.Path);
        byte[] one = File.ReadAllBytes($"{_folder.Path}/one.tar"), two = File.ReadAllBytes($"{_folder.Path}/two.tar");
        var store = StoreFixture.Open();
        await store.LoadAsync(TestImages.DockerArchive(["made/here:1"], TestImages.Config(one, two), one, two));
        return store;
    }

    private static async Task AssertSameAsync(StoreFixture first, StoreFixture second, Image image)
    {
        var original = first.Images.Find("made/here:1")!;
        Assert.Equal(original.Config.Rootfs!.DiffIds, image.Config.Rootfs!.DiffIds);
        Assert.Equal(original.Size, image.Size);
        foreach (var chainId in ChainIds.Of([.. image.Config.Rootfs.DiffIds.Select(Digest.Parse)]))
        {
            MemoryStream a = new(), b = new();
            await first.Layers.WriteDiffAsync(chainId, a, default);
            await second.Layers.WriteDiffAsync(chainId, b, default);
            Assert.True(a.ToArray().AsSpan().SequenceEqual(b.ToArray()));
        }
    }
}
