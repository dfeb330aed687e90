using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Containers;

/// <summary>What clients and images ask for to get more than they are given, or in an unusual way, and what really comes of it.</summary>
public sealed class OddContainersTests(SharedDaemon shared)
{
    private Client Docker => shared.Daemon.Docker;

    /// <summary>CVE-2016-3697: the image calls its root by a number.</summary>
    [Fact]
    public void A_user_by_number_is_not_what_the_image_calls_so()
    {
        using var folder = new Scratch();
        Command.Run("sh", "-c", """
            cd "$0"; mkdir -p bin etc; cp /bin/busybox bin/busybox; ln -s busybox bin/sh; ln -s busybox bin/id
            printf '1000:x:0:0::/root:/bin/sh\n' >etc/passwd; printf '1000:x:0:\n' >etc/group; tar -cf image.tar bin etc
            """, folder.Path).Ok();
        Docker.Run("import", "--change", "USER 1000:1000", folder["image.tar"], "odd-user:1").Ok();
        try
        {
            Assert.Equal("1000 1000", Docker.Run("run", "--rm", "--network", "none", "odd-user:1", "sh", "-c", "echo $(id -u) $(id -g)").Ok().Line);
            Assert.Equal("1000 0 0 1000", Docker.Run("run", "--rm", "--network", "none", "-u", "1000", "--group-add", "1000", "odd-user:1", "sh", "-c", "echo $(id -u) $(id -g) $(id -G)").Ok().Line);
            Docker.Run("run", "--rm", "-u", "4294967296", "--network", "none", "odd-user:1", "id").Fails(125, "uids and gids must be in range 0-2147483647");
        }
        finally
        {
            Docker.Run("rmi", "odd-user:1");
        }
    }

    [Fact]
    public void The_hosts_network_by_its_id_is_the_hosts_network()
    {
        string id = Docker.Run("network", "inspect", "-f", "{{.Id}}", "host").Ok().Line;
        string host = Command.Run("readlink", "/proc/self/ns/net").Ok().Line;
        foreach (string name in new[] { "host", id, id[..12] })
            Assert.Equal(host, Docker.Run("run", "--rm", "--network", name, "busybox", "readlink", "/proc/self/ns/net").Ok().Line);
    }

    [Fact]
    public void The_bridge_by_its_id_shows_its_address()
    {
        string id = Docker.Run("network", "inspect", "-f", "{{.Id}}", "bridge").Ok().Line;
        string container = Docker.Run("run", "-d", "--network", id[..20], "busybox", "sleep", "100").Ok().Line;
        try
        {
            string shown = Docker.Run("inspect", "-f", "{{.NetworkSettings.IPAddress}} {{.NetworkSettings.Networks.bridge.IPAddress}}", container).Ok().Line;
            string inside = Docker.Run("exec", container, "sh", "-c", "hostname -i").Ok().Line;
            Assert.Equal($"{inside} {inside}", shown);
        }
        finally
        {
            Docker.Run("rm", "-f", container);
        }
    }

    /// <summary>What masks another path than the one that was checked never reaches the kernel.</summary>
    [Theory]
    [InlineData("""{"Image":"busybox","HostConfig":{"MaskedPaths":["/proc/kcore\u0000"]}}""", "HostConfig.MaskedPaths[0]")]
    [InlineData("""{"Image":"busybox","HostConfig":{"Binds":["/etc\u0000x:/mnt"]}}""", "HostConfig.Binds[0]")]
    [InlineData("""{"Image":"busybox","Labels":{"a":"\u0000"}}""", "Labels[a]")]
    public void A_null_byte_is_refused_at_create(string body, string member)
    {
        var result = Command.Run("curl", "-s", "-w", "%{http_code}", "--unix-socket", shared.Daemon.Host["unix://".Length..],
            "-H", "Content-Type: application/json", "-d", body, "http://d/containers/create").Ok();
        Assert.Equal($$"""{"message":"invalid {{member}}: it holds a null byte"}""" + "400", result.Text.Replace("\n", "", StringComparison.Ordinal));
    }

    /// <summary>Also at the second start, which finds the mount point that the first one made.</summary>
    [Fact]
    public void A_tmpfs_is_for_everybody_at_every_start()
    {
        string id = Docker.Run("create", "--network", "none", "--mount", "type=tmpfs,dst=/scratch", "busybox", "stat", "-c", "%a", "/scratch").Ok().Line;
        Assert.Equal("1777", Docker.Run("start", "-a", id).Ok().Line);
        Assert.Equal("1777", Docker.Run("start", "-a", id).Ok().Line);
        Docker.Run("rm", id).Ok();
    }

    [Theory]
    [InlineData("/usr:/etc/passwd")]
    [InlineData("/etc/passwd:/etc")]
    public void A_folder_on_a_file_ends_with_127_and_says_what_is_wrong(string bind)
    {
        string id = Docker.Run("create", "--network", "none", "-v", bind, "busybox", "true").Ok().Line;
        Docker.Run("start", id).Fails(1, "not a directory");
        Assert.Equal("127 true", Docker.Run("inspect", "-f", "{{.State.ExitCode}} {{not (not .State.Error)}}", id).Ok().Line);
        Docker.Run("start", id).Fails(1, "Are you trying to mount a directory onto a file (or vice-versa)?");
        Docker.Run("rm", id).Ok();
    }

    [Fact]
    public void A_volume_over_etc_hides_none_of_our_files()
    {
        var result = Docker.Run("run", "--rm", "--hostname", "harbour", "-v", "/etc", "busybox", "sh", "-c", "cat /etc/hostname; grep -c harbour /etc/hosts; ls /etc/resolv.conf").Ok();
        Assert.Equal(["harbour", "1", "/etc/resolv.conf"], result.Lines);
    }

    [Fact]
    public void A_relative_volume_lies_below_the_root()
    {
        string id = Docker.Run("create", "--network", "none", "-v", "data", "busybox", "sh", "-c", "grep -c ' /data ' /proc/self/mountinfo").Ok().Line;
        Assert.Equal("data", Docker.Run("inspect", "-f", "{{range .Mounts}}{{.Destination}}{{end}}", id).Ok().Line);
        Assert.Equal("1", Docker.Run("start", "-a", id).Ok().Line);
        Docker.Run("rm", "-v", id).Ok();
    }
}
