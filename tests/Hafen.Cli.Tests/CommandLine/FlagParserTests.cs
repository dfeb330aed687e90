using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Tests.CommandLine;

public sealed class FlagParserTests
{
    private readonly FlagSet _flags = new();
    private readonly ValueFlag<bool> _interactive;
    private readonly ValueFlag<bool> _tty;
    private readonly ValueFlag<bool> _proxy;
    private readonly ValueFlag<string> _name;
    private readonly ValueFlag<long> _memory;
    private readonly ListFlag<string> _env;

    public FlagParserTests()
    {
        _interactive = _flags.Switch("interactive", 'i', "");
        _tty = _flags.Switch("tty", 't', "");
        _proxy = _flags.Switch("sig-proxy", '\0', "", initial: true);
        _name = _flags.Text("name", '\0', "");
        _memory = _flags.Bytes("memory", 'm', "");
        _flags.Integer("last", 'n', "", -1);
        _env = _flags.List("env", 'e', "");
        _flags.Add(new ForwardingFlag("old-name", _name));
    }

    [Theory]
    [InlineData("\u2013t", "'\u2013' is an en dash (U+2013), not a hyphen; did you mean -t?")]
    [InlineData("\u2014name=x", "'\u2014' is an em dash (U+2014), not a hyphen; did you mean --name=x?")]
    [InlineData("\u2014-name", "'\u2014' is an em dash (U+2014), not a hyphen; did you mean --name?")]
    [InlineData("-\u2013name", "'\u2013' is an en dash (U+2013), not a hyphen; did you mean --name?")]
    [InlineData("\u2212it", "'\u2212' is a minus sign (U+2212), not a hyphen; did you mean -it?")]
    public void A_pasted_dash_is_named(string word, string message)
        => Assert.Equal($"unknown flag: {word}: {message}", Assert.Throws<FlagException>(() => FlagParser.Parse(_flags, [word, "image"], interspersed: false)).Message);

    [Theory]
    [InlineData("image", "\u2013t")]
    [InlineData("--", "\u2013t")]
    [InlineData("--name", "\u2013t")]
    public void What_is_no_option_may_begin_with_one(params string[] words) => FlagParser.Parse(_flags, words, interspersed: false);

    [Theory]
    [InlineData("-it", true, true)]
    [InlineData("-i -t", true, true)]
    [InlineData("-ti=false", false, true)]
    [InlineData("--interactive --tty=0", true, false)]
    [InlineData("-i=T", true, false)]
    [InlineData("--interactive=false", false, false)]
    public void Switches(string words, bool wantInteractive, bool wantTty)
    {
        Assert.Empty(FlagParser.Parse(_flags, words.Split(' '), interspersed: true));
        Assert.Equal((wantInteractive, wantTty, true), (_interactive.Value, _tty.Value, _proxy.Value));
    }

    [Theory]
    [InlineData("-m 64m", 64L << 20)]
    [InlineData("-m64m", 64L << 20)]
    [InlineData("-m=64m", 64L << 20)]
    [InlineData("-itm 64m", 64L << 20)]
    [InlineData("--memory 64m", 64L << 20)]
    [InlineData("--memory=64m", 64L << 20)]
    [InlineData("--memory 1 --memory=2", 2)]
    public void Values(string words, long wanted)
    {
        FlagParser.Parse(_flags, words.Split(' '), interspersed: true);
        Assert.Equal(wanted, _memory.Value);
        Assert.True(_memory.Changed);
        Assert.False(_name.Changed);
    }

    [Fact]
    public void Lists_keep_their_order_and_old_names_work()
    {
        FlagParser.Parse(_flags, ["-e", "A=1", "--env=B=2", "-eC", "--old-name", "x"], interspersed: true);
        Assert.Equal(["A=1", "B=2", "C"], _env.Values);
        Assert.Equal("x", _name.Value);
    }

    [Theory]
    [InlineData("image -i sh", false, "image -i sh", false)]
    [InlineData("image -i sh", true, "image sh", true)]
    [InlineData("-i -- -t x", true, "-t x", true)]
    [InlineData("-i - x", true, "- x", true)]
    [InlineData("--name -i x", true, "x", false)]
    public void Other_words(string words, bool interspersed, string rest, bool wantInteractive)
    {
        Assert.Equal(rest.Split(' '), FlagParser.Parse(_flags, words.Split(' '), interspersed));
        Assert.Equal(wantInteractive, _interactive.Value);
    }

    [Theory]
    [InlineData("--foo", "unknown flag: --foo")]
    [InlineData("--foo=bar", "unknown flag: --foo")]
    [InlineData("-x", "unknown shorthand flag: 'x' in -x")]
    [InlineData("-itx", "unknown shorthand flag: 'x' in -x")]
    [InlineData("--name", "flag needs an argument: --name")]
    [InlineData("-m", "flag needs an argument: 'm' in -m")]
    [InlineData("-im", "flag needs an argument: 'm' in -m")]
    [InlineData("--=x", "bad flag syntax: --=x")]
    [InlineData("---x", "bad flag syntax: ---x")]
    [InlineData("-m abc", "invalid argument \"abc\" for \"-m, --memory\" flag: invalid size: 'abc'")]
    [InlineData("--last=x", "invalid argument \"x\" for \"-n, --last\" flag: strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("-n 99999999999999999999", "invalid argument \"99999999999999999999\" for \"-n, --last\" flag: strconv.ParseInt: parsing \"99999999999999999999\": value out of range")]
    [InlineData("--tty=maybe", "invalid argument \"maybe\" for \"-t, --tty\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    public void Refusals(string words, string message)
        => Assert.Equal(message, Assert.Throws<FlagException>(() => FlagParser.Parse(_flags, words.Split(' '), interspersed: true)).Message);

    [Theory]
    [InlineData("--help", false)]
    [InlineData("-h", true)]
    [InlineData("-ih", true)]
    public void Help(string words, bool shorthand)
        => Assert.Equal(shorthand, Assert.Throws<HelpRequestedException>(() => FlagParser.Parse(_flags, words.Split(' '), interspersed: true)).Shorthand);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-5", -5)]
    [InlineData("0x10", 16)]
    [InlineData("010", 8)]
    [InlineData("0b101", 5)]
    [InlineData("+7", 7)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Integers(string text, long wanted) => Assert.Equal(wanted, FlagValues.Integer(text));

    [Theory]
    [InlineData("1.5", 1_500_000_000)]
    [InlineData(".5", 500_000_000)]
    [InlineData("2", 2_000_000_000)]
    public void Cpus(string text, long wanted) => Assert.Equal(wanted, FlagValues.NanoCpus(text));

    [Theory]
    [InlineData(0, 0, 1, "'hafen x' accepts no arguments")]
    [InlineData(2, 2, 1, "'hafen x' requires 2 arguments")]
    [InlineData(1, 1, 2, "'hafen x' requires 1 argument")]
    [InlineData(1, int.MaxValue, 0, "'hafen x' requires at least 1 argument")]
    [InlineData(0, 1, 2, "'hafen x' requires at most 1 argument")]
    [InlineData(1, int.MaxValue, 7, null)]
    public void Argument_counts(int minimum, int maximum, int given, string? complaint)
        => Assert.Equal(complaint, new ArgumentRule(minimum, maximum).Complaint("hafen x", given));

    [Fact]
    public void A_typing_error_is_recognised()
    {
        CommandEntry[] commands = [new("kill", "", null), new("pull", "", null), new("run", "", null) { Refusal = "" }];
        Assert.Equal(["kill"], Suggestions.For("kil", commands));
        Assert.Equal(["pull"], Suggestions.For("plul", commands));
        Assert.Empty(Suggestions.For("compose", commands));
        Assert.Equal(3, Suggestions.Distance("kitten", "sitting"));
    }
}
