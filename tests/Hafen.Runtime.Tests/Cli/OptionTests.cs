using Hafen.Runtime.Cli.Options;

namespace Hafen.Runtime.Tests.Cli;

public class OptionTests
{
    private static readonly string[] Flags = ["detach|d", "tty|t"];
    private static readonly string[] Valued = ["env|e", "bundle|b", "preserve-fds"];

    [Fact]
    public void Options_end_at_the_first_argument()
    {
        var options = VerbOptions.Parse(["-d", "--env", "A=1", "-e=B=2", "--bundle=/x", "id", "sh", "-c", "--tty"], Flags, Valued);
        Assert.True(options.Has("detach"));
        Assert.False(options.Has("tty"));
        Assert.Equal(["A=1", "B=2"], options.Values("env"));
        Assert.Equal("/x", options.Value("bundle"));
        Assert.Equal(["id", "sh", "-c", "--tty"], options.Arguments);
        Assert.Equal("id", options.Id);
    }

    [Fact]
    public void Two_dashes_end_the_options() => Assert.Equal(["-x"], VerbOptions.Parse(["-t", "--", "-x"], Flags, Valued).Arguments);

    [Fact]
    public void A_flag_can_be_false() => Assert.False(VerbOptions.Parse(["--tty=false", "id"], Flags, Valued).Has("tty"));

    [Theory]
    [InlineData("--nosuch")]
    [InlineData("--env")]
    public void Wrong_options_are_refused(string argument) => Assert.Throws<UsageException>(() => VerbOptions.Parse([argument], Flags, Valued));

    [Fact]
    public void Numbers_are_checked()
    {
        Assert.Equal(3, VerbOptions.Parse(["--preserve-fds", "3"], Flags, Valued).Number("preserve-fds"));
        Assert.Throws<UsageException>(() => VerbOptions.Parse(["--preserve-fds", "x"], Flags, Valued).Number("preserve-fds"));
        Assert.Throws<UsageException>(() => VerbOptions.Parse([], Flags, Valued).Id);
    }

    [Theory]
    [InlineData("9", 9)]
    [InlineData("KILL", 9)]
    [InlineData("sigterm", 15)]
    [InlineData("SIGWINCH", 28)]
    [InlineData("0", 0)]
    public void Signals_by_name_and_number(string text, int number) => Assert.Equal(number, SignalNames.Parse(text));

    [Fact]
    public void Unknown_signals_are_refused() => Assert.Throws<UsageException>(() => SignalNames.Parse("NOPE"));

    [Fact]
    public void A_root_mount_is_read_from_its_parts()
    {
        var mount = MountArgument.Parse("type=overlay,source=o,lowerdir=/a:/b,upperdir=/u");
        Assert.Equal(("overlay", "o"), (mount.Type, mount.Source));
        Assert.Equal(["lowerdir=/a:/b", "upperdir=/u"], mount.Options!);
    }
}
