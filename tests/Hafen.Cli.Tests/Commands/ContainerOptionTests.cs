using Hafen.Cli.CommandLine;
using Hafen.Cli.Commands.Containers;
using Hafen.Cli.Commands.Containers.Options;

namespace Hafen.Cli.Tests.Commands;

public sealed class ContainerOptionTests
{
    [Theory]
    [InlineData("80", "80/tcp=:")]
    [InlineData("8080:80", "80/tcp=:8080")]
    [InlineData("127.0.0.1:8080:80/udp", "80/udp=127.0.0.1:8080")]
    [InlineData("127.0.0.1::80", "80/tcp=127.0.0.1:")]
    [InlineData("[::1]:8080:80", "80/tcp=::1:8080")]
    [InlineData("8000-8001:80-81", "80/tcp=:8000 81/tcp=:8001")]
    [InlineData("8000-8009:80", "80/tcp=:8000-8009")]
    public void Published_ports(string spec, string wanted)
        => Assert.Equal(wanted, string.Join(' ', PortSpec.Parse(spec).Select(pair => $"{pair.Port}={pair.Binding.HostIp}:{pair.Binding.HostPort}")));

    [Theory]
    [InlineData("abc", "invalid containerPort: abc")]
    [InlineData("99999:1", "invalid hostPort: 99999")]
    [InlineData("1:2/foo", "invalid proto: foo")]
    [InlineData("1.2.3:1:1", "invalid IP address: 1.2.3")]
    [InlineData("1-2:3-5", "invalid ranges specified for container and host Ports: 3-5 and 1-2")]
    public void What_are_no_ports_is_refused(string spec, string message)
        => Assert.Equal(message, Assert.Throws<CommandException>(() => PortSpec.Parse(spec).ToList()).Message);

    [Theory]
    [InlineData("/dev/a", "/dev/a", "/dev/a", "rwm")]
    [InlineData("/dev/a:r", "/dev/a", "/dev/a", "r")]
    [InlineData("/dev/a:/dev/b", "/dev/a", "/dev/b", "rwm")]
    [InlineData("/dev/a:/dev/b:rw", "/dev/a", "/dev/b", "rw")]
    public void Devices(string spec, string path, string target, string permissions)
    {
        var device = DeviceSpec.Parse(spec);
        Assert.Equal((path, target, permissions), (device.PathOnHost, device.PathInContainer, device.CgroupPermissions));
    }

    [Theory]
    [InlineData("/dev/a:/dev/b:rr")]
    [InlineData("foo")]
    [InlineData("a:b:c:d")]
    public void What_is_no_device_is_refused(string spec) => Assert.Throws<FormatException>(() => DeviceSpec.Parse(spec));

    [Theory]
    [InlineData("nofile=1024", 1024, 1024)]
    [InlineData("nofile=1:2", 1, 2)]
    [InlineData("core=-1", -1, -1)]
    [InlineData("core=5:-1", 5, -1)]
    public void Ulimits(string spec, long soft, long hard)
    {
        var limit = UlimitSpec.Parse(spec);
        Assert.Equal((soft, hard), (limit.Soft, limit.Hard));
    }

    [Theory]
    [InlineData("x", "invalid ulimit argument: x")]
    [InlineData("foo=1", "invalid ulimit type: foo")]
    [InlineData("nofile=2:1", "ulimit soft limit must be less than or equal to hard limit: 2 > 1")]
    [InlineData("nofile=x", "strconv.ParseInt: parsing \"x\": invalid syntax")]
    public void What_is_no_ulimit_is_refused(string spec, string message)
        => Assert.Equal(message, Assert.Throws<FormatException>(() => UlimitSpec.Parse(spec)).Message);

    [Fact]
    public void Mounts()
    {
        var bind = MountSpec.Parse("type=bind,src=/a,dst=/b,ro,bind-propagation=rslave");
        Assert.Equal(("bind", "/a", "/b", true, "rslave"), (bind.Type, bind.Source, bind.Target, bind.ReadOnly, bind.BindOptions!.Propagation));
        var tmpfs = MountSpec.Parse("type=tmpfs,target=/t,tmpfs-size=1m,tmpfs-mode=1770");
        Assert.Equal((1L << 20, 0x3F8u), (tmpfs.TmpfsOptions!.SizeBytes, tmpfs.TmpfsOptions.Mode));
        var volume = MountSpec.Parse("source=v,target=/v,volume-nocopy,volume-label=a=b,\"volume-opt=o=x,y\"");
        Assert.Equal(("volume", true, "b", "x,y"), (volume.Type, volume.VolumeOptions!.NoCopy, volume.VolumeOptions.Labels!["a"], volume.VolumeOptions.DriverConfig!.Options!["o"]));
    }

    [Theory]
    [InlineData("x", "invalid field 'x' must be a key=value pair")]
    [InlineData("type=bind,src=/a", "target is required")]
    [InlineData("type=tmpfs,dst=/a,bind-propagation=x", "cannot mix 'bind-*' options with mount type 'tmpfs'")]
    [InlineData("dst=/a,foo=b", "unexpected key 'foo' in 'foo=b'")]
    [InlineData("dst=/a,readonly=maybe", "invalid value for 'readonly': invalid boolean value (\"maybe\"): must be one of \"true\", \"1\", \"false\", or \"0\" (default \"true\")")]
    public void What_is_no_mount_is_refused(string spec, string message)
        => Assert.Equal(message, Assert.Throws<FormatException>(() => MountSpec.Parse(spec)).Message);

    [Fact]
    public void Capabilities_are_named_in_full_and_left_to_the_daemon()
        => Assert.Equal(["ALL", "CAP_CHOWN", "CAP_NET_ADMIN"], CapabilityLists.Names(["net_admin", "all", "CAP_CHOWN", "chown"]));

    [Fact]
    public void Environment_comes_from_files_flags_and_our_own()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "# comment\nA=1\n\nHOME\nGONE\n");
            var variables = KeyValues.Read([file], ["B=2", "HOME", "GONE", "C="], name => name == "HOME" ? "/root" : null);
            Assert.Equal(["A=1", "HOME=/root", "B=2", "HOME=/root", "GONE", "C="], variables);
            File.WriteAllBytes(file, [0xef, 0xbb, 0xbf, .. "A=1\r\n\tB=2"u8]);
            Assert.Equal(["A=1", "B=2"], KeyValues.Read([file], [], null));
            File.WriteAllBytes(file, [.. "A=1\nB"u8, 255, (byte)'=']);
            Assert.Equal($"invalid env file ({file}): invalid utf8 bytes at line 2: [66 255 61]", Assert.Throws<CommandException>(() => KeyValues.Read([file], [], null)).Message);
            File.WriteAllText(file, "A B=1\n");
            Assert.Equal($"invalid env file ({file}): variable 'A B' contains whitespaces", Assert.Throws<CommandException>(() => KeyValues.Read([file], [], null)).Message);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Equal("open : no such file or directory", Assert.Throws<CommandException>(() => KeyValues.Read([""], [], null)).Message);
        Assert.Equal("invalid env file (/): read /: is a directory", Assert.Throws<CommandException>(() => KeyValues.Read(["/"], [], null)).Message);
        Assert.Equal("open /nonexist: no such file or directory", Assert.Throws<CommandException>(() => KeyValues.Read(["/nonexist"], [], null)).Message);
    }

    [Theory]
    [InlineData("exec: \"x\": executable file not found in $PATH", 127)]
    [InlineData("exec: \"/x\": stat /x: no such file or directory", 127)]
    [InlineData("exec: \"/etc/passwd\": permission denied", 126)]
    [InlineData("exec: \"/etc\": is a directory", 126)]
    [InlineData("Conflict. The container name is in use", 125)]
    public void Exit_codes_of_containers_that_did_not_start(string message, int code) => Assert.Equal(code, RunFailure.Code(message));

    [Fact]
    public void Advanced_networks()
    {
        var spec = NetworkSpec.Parse("name=net,alias=a,alias=b,ip=10.0.0.2,driver-opt=K=v,gw-priority=3");
        var settings = spec.ToSettings()!;
        Assert.Equal(("net", "a,b", "10.0.0.2", "v", 3), (spec.Target, string.Join(',', settings.Aliases!), settings.IPAMConfig!.IPv4Address, settings.DriverOpts!["k"], settings.GwPriority));
        Assert.Null(NetworkSpec.Parse("host").ToSettings());
    }
}
