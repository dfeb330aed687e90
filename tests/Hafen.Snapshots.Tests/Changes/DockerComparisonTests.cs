using System.Diagnostics;
using Hafen.Oci.Images;
using Hafen.Snapshots.Tar;
using Hafen.Snapshots.Tests.Overlay;

namespace Hafen.Snapshots.Tests.Changes;

/// <summary>The same work in a container of Docker's and in a snapshot: the same list, the same layer, the same tree.</summary>
public sealed class DockerComparisonTests
{
    private const string Base =
        """
        mkdir -p base/bin base/etc/folder base/opaque/sub base/folder base/srv base/tmp
        cp /bin/busybox base/bin/busybox; for name in sh rm mkdir ln mknod chmod chown touch mkfifo truncate echo; do ln -s busybox base/bin/$name; done
        for file in etc/motd etc/gone etc/folder/below opaque/old opaque/sub/deep folder/below file kept chowned linked-a; do echo $file > base/$file; done
        ln base/linked-a base/linked-b; ln -s there base/link; chmod 1777 base/tmp
        find base -exec touch -h -d @1000000000 {} +
        tar --numeric-owner --owner=0 --group=0 -C base -cf base.tar .
        """;

    private const string Work =
        """
        cd /; echo changed > etc/motd; rm etc/gone; rm -r etc/folder; rm -r opaque; mkdir -p opaque/sub; echo new > opaque/new
        rm file; mkdir file; echo in > file/in; rm -r folder; echo now > folder; rm link; ln -s elsewhere link
        mkdir -p made/deep; echo linked > made/a; ln made/a made/b; mkfifo pipe; chmod 4711 kept; chown 12:34 chowned
        echo tmp > tmp/file; mknod srv/null c 1 3; touch -d @1234567890 made/timed; chmod 700 made/deep; rm linked-a
        """;

    [Fact]
    public async Task Docker_lists_and_writes_the_same()
    {
        if (!Shell.Has("dockerd") || !Shell.Has("docker"))
            Assert.Skip("docker is not installed");
        await using LayerFixture fixture = new();
        string folder = fixture.Scratch;
        Shell.Script(Base, folder);
        byte[] tar = File.ReadAllBytes($"{folder}/base.tar");
        var parent = await fixture.ApplyAsync(tar);
        fixture.Snapshotter.Prepare("one", parent, keep: false);
        string root = fixture.MountSnapshot("one");
        Shell.Run("chroot", root, "/bin/sh", "-ec", Work);

        await RunDockerAsync($"{folder}/docker", docker =>
        {
            docker(["import", $"{folder}/base.tar", "base:1"]);
            docker(["run", "--name", "one", "--network", "none", "base:1", "/bin/sh", "-ec", Work]);
            File.WriteAllText($"{folder}/diff", docker(["diff", "one"]));
            docker(["commit", "one", "made:1"]);
            docker(["save", "-o", $"{folder}/made.tar", "made:1"]);
            docker(["export", "-o", $"{folder}/export.tar", "one"]);
        });

        Assert.Equal(File.ReadAllLines($"{folder}/diff").Order(StringComparer.Ordinal), fixture.Snapshotter.Lines("one").Order(StringComparer.Ordinal));

        Shell.Script("mkdir made; tar -xf made.tar -C made", folder);
        byte[] layer = File.ReadAllBytes(Directory.EnumerateFiles($"{folder}/made", "layer.tar", SearchOption.AllDirectories).Single(file => new FileInfo(file).Length != tar.Length));
        var folders = TarListing.Read(tar).Where(entry => entry.Entry.Type == TarType.Directory).Select(entry => entry.Entry.Name.TrimStart('.').Trim('/')).ToHashSet();
        var (written, ours) = await fixture.Snapshotter.ChangesAsync("one");
        // Docker marks folders that were made as well, where there is nothing to hide.
        var expected = TarListing.Read(layer).Where(entry => !entry.Entry.Name.EndsWith("/.wh..wh..opq", StringComparison.Ordinal) || folders.Contains(entry.Entry.Name[..^"/.wh..wh..opq".Length]));
        Assert.Equal(Lines(expected), Lines(TarListing.Read(ours)));
        // A mount point of ours that has other permissions.
        static bool Compared((TarEntry Entry, byte[] Data) item) => item.Entry.Name != "dev/console";
        Assert.Equal(
            Lines(TarListing.Read(File.ReadAllBytes($"{folder}/export.tar")).Where(Compared)), Lines(TarListing.Read(await fixture.Snapshotter.TreeAsync("one")).Where(Compared)));

        // Docker's layer makes the same tree here as ours.
        var theirs = ChainIds.Next(parent, Hafen.Oci.Digest.OfSha256(layer));
        await fixture.Snapshotter.ApplyAsync(theirs, parent, new MemoryStream(layer), default);
        var own = ChainIds.Next(parent, written.DiffId);
        await fixture.Snapshotter.ApplyAsync(own, parent, new MemoryStream(ours), default);
        const string Tree = "export LC_ALL=C; find . -mindepth 1 -printf '%p %y %m %U %G %l\n' | sort; find . -type f -print0 | sort -z | xargs -0 sha256sum";
        Assert.Equal(Shell.Script(Tree, fixture.Mount(theirs)), Shell.Script(Tree, fixture.Mount(own)));
    }

    private static List<string> Lines(IEnumerable<(TarEntry Entry, byte[] Data)> entries)
        => [.. entries.Select(item => Line(item.Entry, item.Data)).Order(StringComparer.Ordinal)];

    /// <summary>What two archives must agree on: times are the moment's where nobody set them, and Docker gives marks those of the folder.</summary>
    private static string Line(TarEntry entry, byte[] data)
    {
        string name = entry.Name.TrimEnd('/');
        bool mark = name.Contains(".wh.", StringComparison.Ordinal);
        // The kernel makes one whiteout with many names, and Docker writes the first into the headers of the others.
        string attributes = mark ? "" : $" {entry.LinkName} {entry.Permissions:x} {entry.Uid}:{entry.Gid} {entry.DeviceMajor}:{entry.DeviceMinor}";
        string time = name.EndsWith("timed", StringComparison.Ordinal) ? $" {entry.Modified.Seconds}" : "";
        return $"{name} {entry.Type}{attributes}{time} {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(data))[..8]}";
    }

    /// <summary>A daemon of this test's own.</summary>
    private static async Task RunDockerAsync(string folder, Action<Func<string[], string>> work)
    {
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
            work(arguments => Shell.Run("docker", ["-H", socket, .. arguments]));
            Shell.Run("docker", "-H", socket, "rm", "-f", "one");
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
    }
}
