namespace Hafen.Init.Tests;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("-- cmd -s", 2)]
    [InlineData("cmd", 1)]
    [InlineData("-s -g cmd --", 3)]
    [InlineData("-sgvvw -e 3 -e143 -p SIGTERM -- -cmd", 8)]
    public void The_command_begins_after_the_options(string line, int start)
    {
        var options = Parse(line);
        Assert.Null(options.Problem);
        Assert.Equal(start, options.CommandStart);
    }

    [Fact]
    public void Values_are_read_joined_and_apart()
    {
        var options = Parse("-sge3 -e 143 -pKILL -vw cmd");
        Assert.True(options.CollectsOrphans && options.SignalsGroup && options.TellsCollected);
        Assert.True(options.Accepted[3] && options.Accepted[143] && !options.Accepted[0]);
        Assert.Equal((9, 2), (options.ParentDeathSignal, options.Verbosity));
    }

    [Fact]
    public void Variables_mean_what_tini_takes_them_for()
    {
        var options = Options.Parse(["init", "cmd"], name => name == "TINI_VERBOSITY" ? "0" : "");
        Assert.True(options.CollectsOrphans && options.SignalsGroup);
        Assert.Equal(0, options.Verbosity);
    }

    [Theory]
    [InlineData("", "a command is missing")]
    [InlineData("--", "a command is missing")]
    [InlineData("-q cmd", "unknown option -q")]
    [InlineData("--foo cmd", "unknown option --foo")]
    [InlineData("-e 256 cmd", "option -e: 256 is not an exit code")]
    [InlineData("-p NOPE cmd", "option -p: NOPE is not a signal")]
    [InlineData("-e", "option -e needs a value")]
    public void Problems_are_named(string line, string problem) => Assert.Equal(problem, Parse(line).Problem);

    private static Options Parse(string line) =>
        Options.Parse(["hafen-init", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)], _ => null);
}
