using Hafen.Dockerfile.Instructions;
using Hafen.Dockerfile.Parse;
using Hafen.Errors;

namespace Hafen.Dockerfile.Tests.Parse;

public sealed class ReadInstructionsTests
{
    private static T Read<T>(string text) where T : Instruction => Assert.IsType<T>(Assert.Single(ReadInstructions.From(text)));

    [Fact]
    public void Commands_are_lists_or_lines_for_the_shell()
    {
        Assert.Equal(["a", "b c"], Read<CmdInstruction>("""CMD ["a", "b c"]""").Command.List!);
        var line = Read<CmdInstruction>("cmd echo hi there").Command;
        Assert.Null(line.List);
        Assert.Equal("echo hi there", line.Text);
        Assert.Equal("[ -f x ]", Read<EntrypointInstruction>("ENTRYPOINT [ -f x ]").Command.Text);
        Assert.Null(Read<EntrypointInstruction>("ENTRYPOINT [ -f x ]").Command.List);
        Assert.Empty(Read<EntrypointInstruction>("ENTRYPOINT []").Command.List!);
    }

    [Fact]
    public void Pairs_keep_quotes_together_and_as_they_are_written()
    {
        Assert.Equal([new("A", "0"), new("B", "\"x y\""), new("C", "a\\\"b")], Read<EnvInstruction>("""ENV A=0 B="x y" C=a\"b""").Variables);
        Assert.Equal([new("A", "all  of this")], Read<EnvInstruction>("ENV A  all  of this ").Variables);
        Assert.Equal([new("a", "'1 2'"), new("b.c", "3=4"), new("$d", "${e:-f}")], Read<LabelInstruction>("LABEL a='1 2' b.c=3=4 $d=${e:-f}").Labels);
    }

    [Fact]
    public void Words()
    {
        Assert.Equal(["80", "53/UDP", "8000-8001", "$a"], Read<ExposeInstruction>("EXPOSE 80 53/UDP\t8000-8001 $a").Ports);
        Assert.Equal(["/a", "/b c"], Read<VolumeInstruction>("""VOLUME ["/a","/b c"]""").Paths);
        Assert.Equal(["/a", "/b\\ c"], Read<VolumeInstruction>("VOLUME /a /b\\ c").Paths);
        Assert.Equal("me:us", Read<UserInstruction>("USER me:us").User);
        Assert.Equal("/x y", Read<WorkdirInstruction>("WORKDIR /x y").Path);
        Assert.Equal("SIGUSR1", Read<StopsignalInstruction>("STOPSIGNAL SIGUSR1").Signal);
        Assert.Equal("RUN a  b", Read<OnbuildInstruction>("ONBUILD RUN a  b").Trigger);
    }

    [Theory]
    [InlineData("FROM a AS b")]
    [InlineData("Run x")]
    [InlineData("COPY . /")]
    [InlineData("ADD a b")]
    [InlineData("ARG a")]
    [InlineData("SHELL [\"sh\"]")]
    [InlineData("MAINTAINER me")]
    public void What_is_not_read_further_is_an_instruction_all_the_same(string text)
    {
        var other = Read<OtherInstruction>(text);
        Assert.Equal(text, $"{other.Word} {other.Arguments}");
    }

    [Fact]
    public void Healthchecks()
    {
        Assert.Equal(["NONE"], Read<HealthcheckInstruction>("HEALTHCHECK NONE").Check.Test!);
        var check = Read<HealthcheckInstruction>("HEALTHCHECK --interval=5s --retries=3 --timeout=1m30s CMD curl localhost || exit 1").Check;
        Assert.Equal(["CMD-SHELL", "curl localhost || exit 1"], check.Test!);
        Assert.Equal(5_000_000_000, check.Interval);
        Assert.Equal(90_000_000_000, check.Timeout);
        Assert.Equal(3, check.Retries);
        Assert.Equal(["CMD", "a", "b"], Read<HealthcheckInstruction>("""HEALTHCHECK CMD ["a","b"]""").Check.Test!);
        Assert.Equal(["CMD", "/bin/sh", "-c", "x"], Read<HealthcheckInstruction>("""HEALTHCHECK CMD ["/bin/sh","-c","x"]""").Check.Test!);
    }

    [Fact]
    public void An_instruction_knows_its_lines()
    {
        var instructions = ReadInstructions.From("# first\r\nENV A=1 \\\r\n B=2\r\n\r\n  USER me\nCMD a \\\n b\\\n\nVOLUME /v \\").ToList();
        Assert.Equal([new(2, 3), new(5, 5), new(6, 8), new(9, 9)], instructions.Select(instruction => instruction.Lines));
        Assert.Equal([new("A", "1"), new("B", "2")], Assert.IsType<EnvInstruction>(instructions[0]).Variables);
        Assert.Equal("a  b", Assert.IsType<CmdInstruction>(instructions[2]).Command.Text);
        // A backslash at the text's end has nothing to join.
        Assert.Equal(["/v", "\\"], Assert.IsType<VolumeInstruction>(instructions[3]).Paths);
    }

    [Fact]
    public void What_stands_before_a_wrong_instruction_is_read()
    {
        using var instructions = ReadInstructions.From("USER me\nFOO x").GetEnumerator();
        Assert.True(instructions.MoveNext());
        Assert.IsType<UserInstruction>(instructions.Current);
        Assert.Throws<DockerfileException>(() => instructions.MoveNext());
    }

    [Theory]
    [InlineData("FOO x", "dockerfile parse error on line 1: unknown instruction: FOO")]
    [InlineData("ENV A=1 \\\n B=2\n\nFOO \\\nx", "dockerfile parse error on line 4: unknown instruction: FOO")]
    [InlineData("CMD", "CMD requires at least one argument")]
    [InlineData("ENV A", "ENV must have two arguments")]
    [InlineData("ENV A=1 B", "Syntax error - can't find = in \"B\". Must be of the form: name=value")]
    [InlineData("USER a b", "USER requires exactly one argument")]
    [InlineData("HEALTHCHECK --interval=x CMD y", "time: invalid duration \"x\"")]
    [InlineData("HEALTHCHECK --interval", "Missing a value on flag: interval")]
    [InlineData("HEALTHCHECK --odd=1 CMD y", "Unknown flag: odd")]
    [InlineData("HEALTHCHECK FOO", "Unknown type \"FOO\" in HEALTHCHECK (try CMD)")]
    [InlineData("HEALTHCHECK --timeout=1us CMD y", "Interval \"timeout\" cannot be less than 1ms")]
    [InlineData("HEALTHCHECK --retries=-1 CMD y", "--retries cannot be negative (-1)")]
    [InlineData("HEALTHCHECK --retries=x CMD y", "strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("HEALTHCHECK NONE x", "HEALTHCHECK NONE takes no arguments")]
    [InlineData("HEALTHCHECK CMD []", "Missing command after HEALTHCHECK CMD")]
    [InlineData("HEALTHCHECK CMD", "Missing command after HEALTHCHECK CMD")]
    [InlineData("ONBUILD FROM x", "FROM isn't allowed as an ONBUILD trigger")]
    [InlineData("ONBUILD onbuild x", "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed")]
    [InlineData("""CMD ["a", 1]""", "When using JSON array syntax, arrays must be comprised of strings only.")]
    [InlineData("VOLUME []", "VOLUME requires at least one argument")]
    public void Wrong_instructions_are_the_callers_fault(string text, string message)
    {
        var failure = Assert.Throws<DockerfileException>(() => ReadInstructions.From(text).ToList());
        Assert.Equal(ErrorKind.InvalidParameter, failure.Kind);
        Assert.Equal(message, failure.Message);
    }
}
