using Hafen.Engine.Images.Changes;
using Hafen.Errors;
using Hafen.Oci.Images;

namespace Hafen.Engine.Tests.Images;

public sealed class ImageChangesTests
{
    private static ImageProcessConfig Apply(params string[] changes) => ImageChanges.Apply(new ImageProcessConfig(), changes);

    [Fact]
    public void Commands_are_lists_or_lines_for_the_shell()
    {
        Assert.Equal(["a", "b c"], Apply("""CMD ["a", "b c"]""").Cmd!);
        Assert.Equal(["/bin/sh", "-c", "echo hi there"], Apply("cmd echo hi there").Cmd!);
        Assert.Equal(["/bin/sh", "-c", "[ -f x ]"], Apply("ENTRYPOINT [ -f x ]").Entrypoint!);
    }

    [Fact]
    public void Pairs_keep_quotes_together_and_replace_earlier_values()
    {
        Assert.Equal(["A=1", "B=x y", "C=a\"b"], Apply("""ENV A=0 B="x y" C=a\"b""", "ENV A=1").Env!);
        Assert.Equal(["A=all of this"], Apply("ENV A all of this").Env!);
        var labels = Apply("LABEL a='1 2' b.c=3").Labels;
        Assert.NotNull(labels);
        Assert.Equal("1 2", labels["a"]);
        Assert.Equal("3", labels["b.c"]);
    }

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
    public void Variables_have_the_values_of_earlier_changes(string written, string value)
    {
        var config = Apply("ENV A='1 2' E=", $"ENV V={written}", $"LABEL v={written}");
        Assert.Equal(["A=1 2", "E=", $"V={value}"], config.Env!);
        Assert.Equal(value, config.Labels!["v"]);
    }

    [Fact]
    public void Variables_stand_in_other_changes()
    {
        var config = Apply("ENV A=80 B=\"81 82/udp\"", "ENV A=1 C=$A", "EXPOSE $B", "VOLUME /v$A", """VOLUME ["/$C"]""", "WORKDIR /w/$A/x y", "USER u$A", "CMD $A", "ENTRYPOINT [\"$A\"]");
        Assert.Equal(["A=1", "B=81 82/udp", "C=80"], config.Env!);
        Assert.Equal(["81/tcp", "82/udp"], config.ExposedPorts!.Keys);
        Assert.Equal(["/v1", "/80"], config.Volumes!.Keys);
        Assert.Equal("/w/1/x y", config.WorkingDir);
        Assert.Equal("u1", config.User);
        Assert.Equal(["/bin/sh", "-c", "$A"], config.Cmd!);
        Assert.Equal(["$A"], config.Entrypoint!);
        Assert.Equal(["A=1", "B=2"], Apply("ENV A=1 \\\n B=2").Env!);
    }

    [Fact]
    public void Ports_volumes_and_folders()
    {
        Assert.Equal(["80/tcp", "53/udp", "8000/tcp", "8001/tcp"], Apply("EXPOSE 80 53/UDP 8000-8001").ExposedPorts!.Keys);
        Assert.Equal(["/a", "/b"], Apply("""VOLUME ["/a","/b"]""").Volumes!.Keys);
        Assert.Equal(["/a", "/b"], Apply("VOLUME /a /b").Volumes!.Keys);
        Assert.Equal("/x/y", Apply("WORKDIR /x", "WORKDIR y").WorkingDir);
        Assert.Equal("me:us", Apply("USER me:us").User);
        Assert.Equal("SIGUSR1", Apply("STOPSIGNAL SIGUSR1").StopSignal);
        Assert.Equal(["RUN a", "COPY . /"], Apply("ONBUILD RUN a", "ONBUILD COPY . /").OnBuild!);
    }

    [Fact]
    public void Healthchecks()
    {
        Assert.Equal(["NONE"], Apply("HEALTHCHECK NONE").Healthcheck!.Test!);
        var check = Apply("HEALTHCHECK --interval=5s --retries=3 --timeout=1m30s CMD curl localhost || exit 1").Healthcheck!;
        Assert.Equal(["CMD-SHELL", "curl localhost || exit 1"], check.Test!);
        Assert.Equal(5_000_000_000, check.Interval);
        Assert.Equal(90_000_000_000, check.Timeout);
        Assert.Equal(3, check.Retries);
        Assert.Equal(["CMD", "a", "b"], Apply("""HEALTHCHECK CMD ["a","b"]""").Healthcheck!.Test!);
    }

    [Theory]
    [InlineData("RUN x", "run is not a valid change command")]
    [InlineData("FOO x", "dockerfile parse error on line 1: unknown instruction: FOO")]
    [InlineData("CMD", "CMD requires at least one argument")]
    [InlineData("ENV A", "ENV must have two arguments")]
    [InlineData("EXPOSE 70000", "invalid containerPort: 70000")]
    [InlineData("EXPOSE 80/icmp", "invalid containerPort: 80/icmp")]
    [InlineData("USER a b", "USER requires exactly one argument")]
    [InlineData("HEALTHCHECK --interval=x CMD y", "time: invalid duration \"x\"")]
    [InlineData("HEALTHCHECK FOO", "Unknown type \"FOO\" in HEALTHCHECK (try CMD)")]
    [InlineData("ONBUILD FROM x", "FROM isn't allowed as an ONBUILD trigger")]
    [InlineData("HEALTHCHECK --timeout=1us CMD y", "Interval \"timeout\" cannot be less than 1ms")]
    [InlineData("HEALTHCHECK --retries=-1 CMD y", "--retries cannot be negative (-1)")]
    [InlineData("HEALTHCHECK --retries=x CMD y", "strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("STOPSIGNAL NOPE", "invalid signal: NOPE")]
    [InlineData("""CMD ["a", 1]""", "When using JSON array syntax, arrays must be comprised of strings only.")]
    [InlineData("VOLUME []", "VOLUME requires at least one argument")]
    [InlineData("VOLUME $no", "VOLUME specified can not be an empty string")]
    [InlineData("ENV A=${B", "syntax error: missing '}'")]
    [InlineData("ENV A=${B:-x", "syntax error: missing '}'")]
    [InlineData("ENV A=${}", "syntax error: bad substitution")]
    [InlineData("ENV A=${B#x}", "unsupported modifier (#) in substitution")]
    [InlineData("ENV A=${B:?}", "B: is not allowed to be unset")]
    [InlineData("ENV A=\"${B?why not}\"", "B: why not")]
    [InlineData("LABEL a='b", "unexpected end of statement while looking for matching single-quote")]
    [InlineData("LABEL a=\"b", "unexpected end of statement while looking for matching double-quote")]
    public void Wrong_changes_are_the_callers_fault(string change, string message)
    {
        var failure = Assert.Throws<EngineException>(() => Apply(change));
        Assert.Equal(ErrorKind.InvalidParameter, failure.Kind);
        Assert.Equal(message, failure.Message);
    }
}
