using Hafen.Dockerfile.Expand;
using Hafen.Dockerfile.Instructions;
using Hafen.Dockerfile.Parse;
using Hafen.Errors;

namespace Hafen.Dockerfile.Tests.Expand;

public sealed class ExpandTests
{
    private static string? Variables(string name) => name switch
    {
        "A" => "1 2",
        "E" => "",
        "P" => "81 82/udp",
        _ => null,
    };

    private static T Expand<T>(string text) where T : Instruction => Assert.IsType<T>(Assert.Single(ReadInstructions.From(text)).Expand(Variables));

    [Theory]
    [InlineData("$A", "1 2")]
    [InlineData("x${A}y", "x1 2y")]
    [InlineData("\"$A\"", "1 2")]
    [InlineData("'$A'", "$A")]
    [InlineData("\\$A", "$A")]
    [InlineData("\"\\$A\\\"\"", "$A\"")]
    [InlineData("\"a\\nb\"", "a\\nb")]
    [InlineData("$AB-$", "-$")]
    [InlineData("${AB:-$A}", "1 2")]
    [InlineData("${E-x}", "")]
    [InlineData("${E:-x}", "x")]
    [InlineData("${E+x}", "x")]
    [InlineData("${E:+x}", "")]
    [InlineData("${A:+'}'}", "}")]
    [InlineData("${A:?m}", "1 2")]
    [InlineData("$1", "")]
    [InlineData("$$A", "$1 2")]
    public void Variables_have_values(string written, string value)
    {
        Assert.Equal(value, VariableText.Expand(written, Variables));
        Assert.Equal([new("V", value)], Expand<EnvInstruction>($"ENV V={written}").Variables);
        Assert.Equal([new("v", value)], Expand<LabelInstruction>($"LABEL v={written}").Labels);
    }

    [Fact]
    public void Where_the_language_has_variables()
    {
        Assert.Equal([new("1 2", "1 2")], Expand<EnvInstruction>("ENV $A $A").Variables);
        Assert.Equal(["80", "81", "82/udp"], Expand<ExposeInstruction>("EXPOSE 80 $P").Ports);
        Assert.Equal(["/v1 2"], Expand<VolumeInstruction>("VOLUME /v$A").Paths);
        Assert.Equal(["/1 2", "/x y"], Expand<VolumeInstruction>("""VOLUME ["/$A", "/x y"]""").Paths);
        Assert.Equal("/w/1 2/x y", Expand<WorkdirInstruction>("WORKDIR /w/$A/x y").Path);
        Assert.Equal("u1 2", Expand<UserInstruction>("USER u$A").User);
        Assert.Equal("SIG1 2", Expand<StopsignalInstruction>("STOPSIGNAL SIG$A").Signal);
    }

    [Fact]
    public void Where_it_has_none()
    {
        Assert.Equal("echo $A", Expand<CmdInstruction>("CMD echo $A").Command.Text);
        Assert.Equal(["$A"], Expand<EntrypointInstruction>("ENTRYPOINT [\"$A\"]").Command.List!);
        Assert.Equal("RUN $A", Expand<OnbuildInstruction>("ONBUILD RUN $A").Trigger);
        Assert.Equal(["CMD-SHELL", "echo $A"], Expand<HealthcheckInstruction>("HEALTHCHECK CMD echo $A").Check.Test!);
    }

    [Theory]
    [InlineData("ENV A=${B", "syntax error: missing '}'")]
    [InlineData("ENV A=${B:-x", "syntax error: missing '}'")]
    [InlineData("ENV A=${}", "syntax error: bad substitution")]
    [InlineData("ENV A=${B#x}", "unsupported modifier (#) in substitution")]
    [InlineData("ENV A=${B:?}", "B: is not allowed to be unset")]
    [InlineData("ENV A=${E:?}", "E: is not allowed to be empty")]
    [InlineData("ENV A=\"${B?why not}\"", "B: why not")]
    [InlineData("ENV $B=1", "ENV names can not be blank")]
    [InlineData("LABEL =1", "LABEL names can not be blank")]
    [InlineData("LABEL a='b", "unexpected end of statement while looking for matching single-quote")]
    [InlineData("LABEL a=\"b", "unexpected end of statement while looking for matching double-quote")]
    [InlineData("VOLUME $no", "VOLUME specified can not be an empty string")]
    public void What_cannot_be_expanded_is_the_callers_fault(string text, string message)
    {
        var failure = Assert.Throws<DockerfileException>(() => Assert.Single(ReadInstructions.From(text)).Expand(Variables));
        Assert.Equal(ErrorKind.InvalidParameter, failure.Kind);
        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public void Nesting_has_a_limit()
    {
        string deep = string.Concat(Enumerable.Repeat("${x:-", 51)) + new string('}', 51);
        Assert.Equal("variables are nested too deeply", Assert.Throws<DockerfileException>(() => VariableText.Expand(deep, Variables)).Message);
    }
}
