using System.Text.Json;
using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Images;

/// <summary>Archives of other tools load here, and ours load there.</summary>
public sealed class ArchiveTests(SharedDaemon shared)
{
    private Client Docker => shared.Daemon.Docker;

    private Client Hafen => shared.Daemon.Hafen;

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public void What_skopeo_writes_is_loaded_and_runs(string format)
    {
        using var folder = new Scratch();
        string tag = "from-skopeo-" + format;
        Docker.Run("save", "-o", folder["busybox.tar"], "busybox").Ok();
        Skopeo("docker-archive:" + folder["busybox.tar"], $"{format}:{folder["copy.tar"]}:localhost/{tag}:1");
        string loaded = Docker.Run("load", "-i", folder["copy.tar"]).Ok().Line;
        Assert.StartsWith("Loaded image", loaded, StringComparison.Ordinal);
        string reference = loaded[(loaded.IndexOf(": ", StringComparison.Ordinal) + 2)..];
        Assert.Equal("runs", Docker.Run("run", "--rm", reference, "echo", "runs").Ok().Line);
        Docker.Run("rmi", reference).Ok();
    }

    [Fact]
    public void What_buildah_commits_is_loaded_and_runs()
    {
        using var folder = new Scratch();
        File.WriteAllBytes(folder["root.tar"], Busybox.Tar);
        const string script = """
            set -eu
            export STORAGE_DRIVER=vfs
            options="--root $1/storage --runroot $1/runroot"
            container=$(buildah $options from scratch)
            buildah $options add "$container" "$1/root.tar" / >/dev/null
            buildah $options config --cmd 'echo built' --env HARBOUR=east --label a=b "$container"
            buildah $options commit --quiet "$container" "docker-archive:$1/image.tar:from-buildah:1" >/dev/null
            buildah $options rm "$container" >/dev/null
            """;
        Command.Run("sh", "-c", script, "sh", folder.Path).Ok();
        Assert.Equal("Loaded image: from-buildah:1", Hafen.Run("load", "-i", folder["image.tar"]).Ok().Lines[^1]);
        Assert.Equal("east", Docker.Run("run", "--rm", "from-buildah:1", "sh", "-c", "echo $HARBOUR").Ok().Line);
        Docker.Run("rmi", "from-buildah:1").Ok();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public void A_compressed_archive_is_loaded(string program)
    {
        using var folder = new Scratch();
        Docker.Run("save", "-o", folder["image.tar"], "busybox").Ok();
        Command.Run("sh", "-c", "$0 -q -c \"$1\" > \"$2\"", program, folder["image.tar"], folder["image.packed"]).Ok();
        Assert.Contains("Loaded image: busybox:latest", Docker.Run("load", "-i", folder["image.packed"]).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_we_save_skopeo_reads()
    {
        using var folder = new Scratch();
        Hafen.Run("save", "-o", folder["image.tar"], "busybox").Ok();
        string id = Docker.Run("image", "inspect", "-f", "{{.Id}}", "busybox").Ok().Line;
        Skopeo("docker-archive:" + folder["image.tar"], "dir:" + folder["dir"]);
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder["dir"], "manifest.json")));
        Assert.Equal(id, manifest.RootElement.GetProperty("config").GetProperty("digest").GetString());
        Skopeo("oci-archive:" + folder["image.tar"], "dir:" + folder["dir2"]);
    }

    [Fact]
    public void A_saved_image_comes_back_the_same()
    {
        using var folder = new Scratch();
        Docker.Run("tag", "busybox", "round-trip:1").Ok();
        string id = Docker.Run("image", "inspect", "-f", "{{.Id}}", "round-trip:1").Ok().Line;
        Docker.Run("save", "-o", folder["image.tar"], "round-trip:1").Ok();
        Docker.Run("rmi", "round-trip:1").Ok();
        Assert.Contains("Loaded image: round-trip:1", Docker.Run("load", "-i", folder["image.tar"]).Ok().Text, StringComparison.Ordinal);
        Assert.Equal(id, Docker.Run("image", "inspect", "-f", "{{.Id}}", "round-trip:1").Ok().Line);
        Docker.Run("rmi", "round-trip:1").Ok();
    }

    [Fact]
    public void Attributes_survive_the_way_in_and_out()
    {
        using var folder = new Scratch();
        const string make = """
            set -eu
            mkdir -p "$1/root" && cd "$1/root"
            tar -x -f "$1/busybox.tar"
            echo a > file && ln file hard && ln -s file soft && mkfifo fifo && mknod device c 1 3
            chown 12:34 file && chmod 6755 file && touch -d '2001-02-03 04:05:06.789 UTC' file
            setfattr -n user.note -v harbour file
            cp bin/busybox capable && setcap cap_net_raw+ep capable
            truncate -s 64M sparse && printf x | dd of=sparse bs=1 seek=50000000 conv=notrunc status=none
            tar --xattrs --xattrs-include='*' -S -c -f "$1/image.tar" .
            """;
        File.WriteAllBytes(folder["busybox.tar"], Busybox.Tar);
        Command.Run("sh", "-c", make, "sh", folder.Path).Ok();
        Docker.Run("import", folder["image.tar"], "attributes:1").Ok();
        Docker.Run("save", "-o", folder["saved.tar"], "attributes:1").Ok();
        Docker.Run("rmi", "attributes:1").Ok();
        Docker.Run("load", "-i", folder["saved.tar"]).Ok();
        const string look = """
            stat -c '%a %u %g %h %Y' file; readlink soft; stat -c %F fifo; stat -c '%F %t %T' device
            [ file -ef hard ] && echo same; stat -c '%s' sparse; [ $(stat -c %b sparse) -lt 1000 ] && echo sparse; dd if=sparse bs=1 skip=50000000 count=1 2>/dev/null
            """;
        string[] lines = Docker.Run("run", "--rm", "-w", "/", "attributes:1", "/bin/sh", "-c", look).Ok().Lines;
        Assert.Equal(["6755 12 34 2 981173106", "file", "fifo", "character special file 1 3", "same", "67108864", "sparse", "x"], lines);
        string pid = Docker.Run("run", "-d", "--name", "attributes", "attributes:1", "/bin/sleep", "60").Ok().Line;
        string root = "/proc/" + Docker.Run("inspect", "-f", "{{.State.Pid}}", "attributes").Ok().Line + "/root/";
        Assert.Contains("harbour", Command.Run("getfattr", "--absolute-names", "-n", "user.note", root + "file").Ok().Text, StringComparison.Ordinal);
        Assert.Contains("cap_net_raw=ep", Command.Run("getcap", root + "capable").Ok().Text, StringComparison.Ordinal);
        Docker.Run("rm", "-f", pid).Ok();
        Docker.Run("rmi", "attributes:1").Ok();
    }

    private static void Skopeo(string from, string to)
        => Command.Run("skopeo", "--insecure-policy", "copy", "--quiet", from, to).Ok();
}
