using Hafen.Oci.Runtime;
using Hafen.Runtime.Cli.Options;
using Hafen.Runtime.Cli.Verbs;

namespace Hafen.Runtime.Tests.Cli;

public class OptionTests
{
    private static readonly string[] s_flags = ["detach|d", "tty|t"];
    private static readonly string[] s_valued = ["env|e", "bundle|b", "preserve-fds"];

    [Fact]
    public void Options_end_at_the_first_argument()
    {
        var options = VerbOptions.Parse(["-d", "--env", "A=1", "-e=B=2", "--bundle=/x", "id", "sh", "-c", "--tty"], s_flags, s_valued);
        Assert.True(options.Has("detach"));
        Assert.False(options.Has("tty"));
        Assert.Equal(["A=1", "B=2"], options.Values("env"));
        Assert.Equal("/x", options.Value("bundle"));
        Assert.Equal(["id", "sh", "-c", "--tty"], options.Arguments);
        Assert.Equal("id", options.Id);
    }

    [Fact]
    public void Two_dashes_end_the_options() => Assert.Equal(["-x"], VerbOptions.Parse(["-t", "--", "-x"], s_flags, s_valued).Arguments);

    [Fact]
    public void A_flag_can_be_false() => Assert.False(VerbOptions.Parse(["--tty=false", "id"], s_flags, s_valued).Has("tty"));

    [Theory]
    [InlineData("--nosuch")]
    [InlineData("--env")]
    public void Wrong_options_are_refused(string argument) => Assert.Throws<UsageException>(() => VerbOptions.Parse([argument], s_flags, s_valued));

    [Fact]
    public void Numbers_are_checked()
    {
        Assert.Equal(3, VerbOptions.Parse(["--preserve-fds", "3"], s_flags, s_valued).Number("preserve-fds"));
        Assert.Throws<UsageException>(() => VerbOptions.Parse(["--preserve-fds", "x"], s_flags, s_valued).Number("preserve-fds"));
        Assert.Throws<UsageException>(() => VerbOptions.Parse([], s_flags, s_valued).Id);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    [InlineData("1024b", 1024)]
    [InlineData("64m", 64 << 20)]
    [InlineData("2K", 2048)]
    [InlineData("1 GiB", 1 << 30)]
    [InlineData("3tb", 3L << 40)]
    public void Sizes_have_units(string text, long bytes) => Assert.Equal(bytes, VerbOptions.Parse(["--bundle", text], s_flags, s_valued).Bytes("bundle"));

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-2")]
    [InlineData("1ib")]
    [InlineData("1mm")]
    [InlineData("99999999t")]
    public void What_is_no_size_is_refused(string text) => Assert.Throws<UsageException>(() => VerbOptions.Parse(["--bundle", text], s_flags, s_valued).Bytes("bundle"));

    [Fact]
    public void An_update_names_what_changes_and_nothing_else()
    {
        string[] valued = ["memory", "memory-swap", "cpu-share", "cpu-quota", "pids-limit", "resources|r"];
        var resources = UpdateVerb.ResourcesOf(VerbOptions.Parse(["--memory", "1m", "--pids-limit", "-1"], [], valued));
        Assert.Equal(new SpecResources { Memory = new SpecMemory { Limit = 1 << 20 }, Pids = new SpecPids { Limit = -1 } }, resources);
        Assert.Equal(new SpecResources(), UpdateVerb.ResourcesOf(VerbOptions.Parse([], [], valued)));
    }

    [Theory]
    [InlineData("9", 9)]
    [InlineData("KILL", 9)]
    [InlineData("sigterm", 15)]
    [InlineData("SIGWINCH", 28)]
    [InlineData("0", 0)]
    public void Signals_by_name_and_number(string text, int number) => Assert.Equal(number, SignalArgument.Parse(text));

    [Fact]
    public void Unknown_signals_are_refused() => Assert.Throws<UsageException>(() => SignalArgument.Parse("NOPE"));

    [Fact]
    public void A_root_mount_is_read_from_its_parts()
    {
        var mount = MountArgument.Parse("type=overlay,source=o,lowerdir=/a:/b,upperdir=/u");
        Assert.Equal(("overlay", "o"), (mount.Type, mount.Source));
        Assert.Equal(["lowerdir=/a:/b", "upperdir=/u"], mount.Options!);
    }
}
