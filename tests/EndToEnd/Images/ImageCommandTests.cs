using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Images;

/// <summary>tag, rmi, images, history, inspect and the ways an image operation goes wrong.</summary>
public sealed class ImageCommandTests(SharedDaemon shared)
{
    public static TheoryData<string> Clients => new("docker", "hafen");

    private Client On(string client) => shared.Daemon.Client(client);

    [Theory, MemberData(nameof(Clients))]
    public void A_tag_comes_and_goes(string client)
    {
        var cli = On(client);
        string tag = "tagged-" + client + ":v1";
        cli.Run("tag", "busybox", tag).Ok();
        Assert.Contains(tag, cli.Run("images", "--format", "{{.Repository}}:{{.Tag}}").Ok().Lines);
        Assert.Contains("Untagged: " + tag, cli.Run("rmi", tag).Ok().Text, StringComparison.Ordinal);
        cli.Run("rmi", tag).Fails(1, "No such image: " + tag);
        cli.Run("tag", "busybox", "UPPER").Fails(1, "must be lowercase");
    }

    [Theory, MemberData(nameof(Clients))]
    public void An_image_in_use_stays(string client)
    {
        var cli = On(client);
        string tag = "used-" + client + ":1";
        cli.RunWith(Busybox.Tar, "import", "--message", "by " + client, "-", tag).Ok();
        string container = cli.Run("create", tag, "/bin/sh").Ok().Line;
        cli.Run("rmi", tag).Fails(1, "conflict: unable to remove repository reference \"" + tag + "\"");
        Assert.Equal("by " + client, cli.Run("history", "--format", "{{.Comment}}", tag).Ok().Line);
        cli.Run("rm", container).Ok();
        Assert.Contains("Deleted: sha256:", cli.Run("rmi", tag).Ok().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker", "import")]
    [InlineData("docker", "load")]
    [InlineData("hafen", "import")]
    [InlineData("hafen", "load")]
    public void A_truncated_gzip_is_refused_and_changes_nothing(string client, string verb)
    {
        var cli = On(client);
        using var folder = new Scratch();
        cli.Run("save", "-o", folder["image.tar"], "busybox").Ok();
        Command.Run("sh", "-c", "gzip -c \"$0\" | head -c 300000 > \"$1\"", folder["image.tar"], folder["cut.gz"]).Ok();
        var result = verb == "import" ? cli.Run("import", folder["cut.gz"], "cut:1") : cli.Run("load", "-i", folder["cut.gz"]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("gzip: the data is damaged or truncated", result.ErrorText, StringComparison.Ordinal);
        cli.Run("inspect", "cut:1").Fails(1, "No such");
        Assert.DoesNotContain("cut", cli.Run("images", "-a").Ok().Text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Clients))]
    public void An_archive_that_is_none_is_refused(string client)
    {
        using var folder = new Scratch();
        File.WriteAllText(folder["noise"], string.Join(' ', Enumerable.Range(0, 5000)));
        Assert.NotEqual(0, On(client).Run("load", "-i", folder["noise"]).ExitCode);
        Assert.NotEqual(0, On(client).Run("import", folder["noise"], "noise:1").ExitCode);
    }

    [Theory, MemberData(nameof(Clients))]
    public void A_path_that_leaves_the_layer_stays_inside_or_is_refused(string client)
    {
        using var folder = new Scratch();
        const string make = """
            set -eu
            cd "$1" && mkdir -p in && echo evil > in/evil
            ln -s "$1/target" in/out
            tar -c -f image.tar -C in out
            tar -r -f image.tar -C in --transform 's,^evil,out/evil,' evil
            tar -r -P -f image.tar --transform "s,^in/evil,../../../../../../../../$1/target/evil," in/evil
            mkdir target
            """;
        Command.Run("sh", "-c", make, "sh", folder.Path).Ok();
        On(client).Run("import", folder["image.tar"], "escape-" + client + ":1");
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["target"]));
        On(client).Run("rmi", "escape-" + client + ":1");
    }

    [Fact]
    public void An_image_is_not_taken_for_one_of_another_platform()
    {
        var cli = On("hafen");
        using var folder = new Scratch();
        const string Missing = "was found but does not provide the specified platform (linux/s390x)";
        cli.Run("image", "inspect", "--platform", "linux/s390x", "busybox").Fails(1, Missing);
        cli.Run("history", "--platform", "linux/s390x", "busybox").Fails(1, Missing);
        cli.Run("save", "--platform", "linux/s390x", "-o", folder["image.tar"], "busybox").Fails(1, Missing);
        Assert.False(File.Exists(folder["image.tar"]));
        cli.Run("create", "--pull", "never", "--platform", "linux/s390x", "busybox").Fails(1, Missing);
        string own = cli.Run("image", "inspect", "-f", "{{.Os}}/{{.Architecture}}", "busybox").Ok().Line;
        cli.Run("image", "inspect", "--platform", own, "busybox").Ok();
        cli.Run("save", "--platform", own, "-o", folder["image.tar"], "busybox").Ok();
        cli.Run("load", "--platform", own, "-i", folder["image.tar"]).Fails(1, "cannot choose one");
    }
}
