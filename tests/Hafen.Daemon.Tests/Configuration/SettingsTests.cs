using Hafen.Daemon.Composition;
using Hafen.Daemon.Configuration;
using Hafen.Daemon.Http.Transport;
using Hafen.Daemon.Lifetime;

namespace Hafen.Daemon.Tests.Configuration;

public sealed class SettingsTests
{
    private static DaemonSettings FromFlags(params string[] arguments)
        => SettingsReader.Combine(CommandLine.Parse(arguments).Values, new Dictionary<string, List<string>>(), "daemon.json");

    private static DaemonSettings FromFile(string json)
        => SettingsReader.Combine(new Dictionary<string, List<string>>(), ConfigurationFile.Parse(json), "daemon.json");

    [Fact]
    public void Flags_are_read_as_dockerd_reads_them()
    {
        var settings = FromFlags(
            "-D", "-H", "unix:///a", "-Hunix:///b", "--host=tcp://127.0.0.1:1", "--data-root", "/d", "--mtu=1400", "--iptables=false", "--init",
            "--log-opt", "max-size=1m", "--log-opt=max-file=3", "-l", "warn", "-p/x.pid");
        Assert.True(settings.Debug);
        Assert.Equal(["unix:///a", "unix:///b", "tcp://127.0.0.1:1"], settings.Hosts);
        Assert.Equal("/d", settings.DataRoot);
        Assert.Equal(1400, settings.Mtu);
        Assert.False(settings.Firewall);
        Assert.True(settings.Init);
        Assert.Equal(["max-size=1m", "max-file=3"], settings.LogOptions);
        Assert.Equal("warn", settings.LogLevel);
        Assert.Equal("/x.pid", settings.PidFile);
    }

    [Theory]
    [InlineData("--nonsense", "unknown flag: --nonsense")]
    [InlineData("-x", "unknown shorthand flag: 'x' in -x")]
    [InlineData("--bip", "flag needs an argument: --bip")]
    [InlineData("--userns-remap=default", "--userns-remap is not supported by this version")]
    [InlineData("--mtu=a", "invalid argument \"a\" for \"--mtu\" flag: strconv.ParseInt: parsing \"a\": invalid syntax")]
    [InlineData("--init=perhaps", "invalid argument \"perhaps\" for \"--init\" flag: strconv.ParseBool: parsing \"perhaps\": invalid syntax")]
    [InlineData("word", "hafend accepts no arguments: word")]
    [InlineData("--storage-driver=btrfs", "storage-driver cannot be \"btrfs\": this version has \"overlay2\" only")]
    [InlineData("--exec-opt=native.cgroupdriver=systemd", "exec-opt cannot be \"native.cgroupdriver=systemd\": this version has \"native.cgroupdriver=cgroupfs\" only")]
    [InlineData("--dns=x", "dns: x is not an ip address")]
    [InlineData("--dns=1", "dns: 1 is not an ip address")]
    [InlineData("--dns-search=a..b", "dns-search: a..b is not a valid domain")]
    [InlineData("--dns-search=-a", "dns-search: -a is not a valid domain")]
    [InlineData("--label=x", "bad attribute format: x")]
    [InlineData("--label=com.docker.x=y", "label com.docker.x=y is not allowed: names that begin with com.docker., io.docker., org.dockerproject. are reserved")]
    [InlineData("--feature=x", "invalid argument \"x\" for \"--feature\" flag: expected key=value")]
    [InlineData("--feature=x=perhaps", "invalid argument \"perhaps\" for \"--feature\" flag: strconv.ParseBool: parsing \"perhaps\": invalid syntax")]
    [InlineData("--max-concurrent-uploads=-1", "invalid max concurrent uploads: -1")]
    [InlineData("--min-api-version=1.24", "--min-api-version is not supported by this version")]
    public void Wrong_flags_are_named(string argument, string message)
        => Assert.Equal(message, Assert.Throws<SettingException>(() => FromFlags(argument)).Message);

    [Fact]
    public void The_file_has_lists_maps_numbers_and_flags()
    {
        var settings = FromFile("""
            {"hosts":["unix:///a"],"debug":true,"mtu":9000,"bip":"10.0.0.1/24","log-opts":{"max-size":"1m"},
             "default-ulimits":{"nofile":{"Name":"nofile","Soft":1,"Hard":2}},"dns-opts":["x"],"labels":["a=b"],"shutdown-timeout":-1,"live-restore":true}
            """);
        Assert.Equal(["unix:///a"], settings.Hosts);
        Assert.True(settings.Debug);
        Assert.Equal(9000, settings.Mtu);
        Assert.Equal("10.0.0.1/24", settings.Bip);
        Assert.Equal(["max-size=1m"], settings.LogOptions);
        Assert.Equal(["nofile=1:2"], settings.DefaultUlimits);
        Assert.Equal(["x"], settings.DnsOptions);
        Assert.Equal(-1, settings.ShutdownTimeout);
    }

    [Fact]
    public void What_cannot_be_otherwise_may_be_said()
    {
        var settings = FromFile("""
            {"storage-driver":"overlay2","exec-opts":["native.cgroupdriver=cgroupfs"],"icc":true,"ipv6":false,"experimental":false,
             "log-format":"text","userland-proxy":true,"live-restore":false,"features":{"buildkit":true,"containerd-snapshotter":false},
             "max-concurrent-downloads":3,"max-concurrent-uploads":5,"max-download-attempts":0}
            """);
        Assert.False(settings.LiveRestore);
        Assert.True(new DaemonSettings().LiveRestore);
    }

    [Theory]
    [InlineData("""{"nonsense":1,"also":2}""", "the following directives don't match any configuration option: nonsense, also")]
    [InlineData("""{"userns-remap":"default"}""", "the directive userns-remap is not supported by this version")]
    [InlineData("""{"mtu":"1500"}""", "the directive mtu has a value of another kind than expected")]
    [InlineData("""{"debug":"true"}""", "the directive debug has a value of another kind than expected")]
    [InlineData("""{"dns":["1.1.1.1","x"]}""", "dns: x is not an ip address")]
    [InlineData("""{"labels":["a=b","c=d","a=e"]}""", "conflict labels for a=e and a=b")]
    [InlineData("""{"features":{"buildkit":"true"}}""", "the directive features has a value of another kind than expected")]
    [InlineData("""{"features":{"containerd-snapshotter":true}}""", "the feature containerd-snapshotter is not supported by this version")]
    [InlineData("""["debug"]""", "the file is not a JSON object")]
    [InlineData("{\n\"debug\": tru}", "syntax error in line 2")]
    public void A_wrong_file_is_refused_by_name(string json, string message)
        => Assert.Equal(message, Assert.Throws<SettingException>(() => FromFile(json)).Message);

    [Fact]
    public void Right_addresses_domains_and_labels_are_taken()
    {
        var settings = FromFlags("--dns=1.1.1.1", "--dns=::1", "--dns-search=.", "--dns-search=a.b-c_d.", "--label=a=", "--label=a=");
        Assert.Equal(["1.1.1.1", "::1"], settings.Dns);
        Assert.Equal([".", "a.b-c_d."], settings.DnsSearch);
        Assert.Equal(["a=", "a="], settings.Labels);
    }

    [Theory]
    [InlineData("--bip=x", "bip x is no address of a host with its prefix length")]
    [InlineData("--bip=10.0.0.0/24", "bip 10.0.0.0/24 is no address of a host with its prefix length")]
    [InlineData("--host=x", "invalid bind address (tcp://x): give an IP address and a port")]
    [InlineData("--host=http://x", "invalid bind address format: http://x: use unix://, tcp:// or fd://")]
    public void What_cannot_be_is_found_without_a_start(string argument, string message)
    {
        var settings = FromFlags(argument);
        Assert.Equal(message, Assert.ThrowsAny<Exception>(() => RunDaemon.Check(settings, DaemonPaths.From(settings))).Message);
    }

    [Fact]
    public void What_is_said_twice_is_refused()
    {
        var failure = Assert.Throws<SettingException>(() => SettingsReader.Combine(
            CommandLine.Parse(["--debug", "--mtu=1"]).Values, ConfigurationFile.Parse("""{"debug":true,"mtu":2}"""), "f"));
        Assert.Contains("specified both as a flag and in the configuration file: debug: (from flag: true, from file: true), mtu: (from flag: 1, from file: 2)",
            failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1:80")]
    [InlineData("127.0.0.1", "127.0.0.1:2375")]
    [InlineData(":99", "127.0.0.1:99")]
    [InlineData("localhost:99", "127.0.0.1:99")]
    [InlineData("[::1]:99", "[::1]:99")]
    [InlineData("[::1]", "[::1]:2375")]
    [InlineData("0.0.0.0:1", "0.0.0.0:1")]
    public void Tcp_addresses(string text, string expected) => Assert.Equal(expected, ApiEndPoints.ParseTcp(text, 2375).ToString());

    [Theory]
    [InlineData("host.example:1")]
    [InlineData("127.0.0.1:x")]
    [InlineData("127.0.0.1:70000")]
    public void Other_addresses_are_refused(string text) => Assert.Throws<SettingException>(() => ApiEndPoints.ParseTcp(text, 2375));

    [Theory]
    [InlineData("unix:///x", false, null)]
    [InlineData("fd://", false, null)]
    [InlineData("tcp://", false, "127.0.0.1:2375")]
    [InlineData("tcp://", true, "127.0.0.1:2376")]
    [InlineData("127.0.0.1:2375", false, "127.0.0.1:2375")]
    [InlineData(":2375", false, "127.0.0.1:2375")]
    [InlineData("0.0.0.0", true, "0.0.0.0:2376")]
    public void A_host_without_a_scheme_is_TCP(string host, bool tls, string? expected) => Assert.Equal(expected, ApiEndPoints.TcpOf(host, tls)?.ToString());

    [Theory]
    [InlineData(0, "-H", "unix:///x", "-H", "fd://")]
    [InlineData(1, "-H", "tcp://127.0.0.1:2375")]
    [InlineData(1, "-H", "[::1]:2375")]
    [InlineData(16, "-H", "tcp://0.0.0.0:2375")]
    [InlineData(1, "-H", "tcp://0.0.0.0:2375", "--tls=false")]
    [InlineData(1, "-H", "tcp://0.0.0.0:2376", "--tlsverify=false")]
    [InlineData(0, "-H", "tcp://0.0.0.0:2376", "--tlsverify")]
    [InlineData(17, "-H", "tcp://0.0.0.0:2375", "-H", "tcp://127.0.0.1")]
    public async Task A_start_waits_where_anyone_may_come(int seconds, params string[] arguments)
    {
        var settings = FromFlags(arguments);
        Assert.Equal(seconds, OpenHosts.Find(settings).Sum(host => (int)host.Pause.TotalSeconds));
        // Told to end, it does not wait.
        await OpenHosts.WarnAsync(settings, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, TimeProvider.System, Task.CompletedTask);
    }

    [Fact]
    public void TLS_without_a_look_at_the_client_is_TLS()
    {
        Assert.True(FromFlags("--tlsverify=false").Tls);
        Assert.False(FromFlags("--tlsverify=false").TlsVerify);
        Assert.False(FromFlags("--tls=false").Tls);
    }

    [Fact]
    public void What_is_read_again_changes_what_may_change_and_keeps_the_rest()
    {
        string file = Path.GetTempFileName();
        try
        {
            var line = CommandLine.Parse(["--config-file", file, "--default-ipc-mode", "shareable"]);
            File.WriteAllText(file, """{"debug":true,"mtu":1400,"labels":["a=b"],"default-shm-size":"1M"}""");
            var before = SettingsReader.Read(line);
            File.WriteAllText(file, """{"mtu":1500,"default-shm-size":"2M","default-stop-timeout":3,"log-level":"warn","live-restore":false,"shutdown-timeout":9}""");
            var after = SettingsReader.ReadAgain(line, before);
            Assert.Equal(
                before with { DefaultShmSize = "2M", DefaultStopTimeout = 3, LogLevel = "warn", LiveRestore = false, ShutdownTimeout = 9 },
                after);
            File.WriteAllText(file, """{"mtu":1500,"colour":"blue"}""");
            Assert.Throws<SettingException>(() => SettingsReader.ReadAgain(line, after));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(null, "hafen0", "hafen")]
    [InlineData("hafen0", "hafen0", "hafen")]
    [InlineData("my-br.1", "my-br.1", "hafen_my_br_1")]
    public void Each_bridge_has_firewall_rules_of_its_own(string? bridge, string name, string table)
    {
        var settings = new DaemonSettings { BridgeName = bridge };
        var options = EngineSettings.Networks(settings, DaemonPaths.From(settings));
        Assert.Equal(name, options.BridgeName);
        Assert.Equal(table, options.TableName);
    }

    [Theory]
    [InlineData("json-file", null)]
    [InlineData("none", null)]
    [InlineData("syslog", "not supported")]
    [InlineData("paper", "not found")]
    public void A_default_log_driver_is_judged_as_a_containers_own(string name, string? refusal)
    {
        var settings = new DaemonSettings { LogDriver = name };
        if (refusal is null)
            Assert.Equal(name, EngineSettings.Engine(settings, DaemonPaths.From(settings)).DefaultLogDriver);
        else
            Assert.Contains(refusal, Assert.Throws<SettingException>(() => EngineSettings.Engine(settings, DaemonPaths.From(settings))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_is_found_by_its_whole_name()
    {
        string[] lines = ["root:x:0:", "docker-users:x:7:", "docker:x:103:a,b", "broken"];
        Assert.Equal(103u, SocketGroup.Find(lines, "docker"));
        Assert.Null(SocketGroup.Find(lines, "hafen"));
    }

    [Theory]
    [InlineData("64M", 64L << 20)]
    [InlineData("1.5g", 3L << 29)]
    [InlineData("512kb", 512L << 10)]
    [InlineData("1GiB", 1L << 30)]
    [InlineData("100", 100)]
    public void Sizes_have_units(string text, long bytes) => Assert.Equal(bytes, Sizes.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("-1")]
    [InlineData("1x")]
    public void Other_texts_are_no_sizes(string text) => Assert.Throws<SettingException>(() => Sizes.Parse(text));
}
