using Hafen.Dockerfile;
using Hafen.Engine.Images;
using Hafen.Errors;
using Hafen.Oci.Images;

namespace Hafen.Engine.Tests.Images;

/// <summary>What instructions do to an image's defaults; how they are read is tested in their own room.</summary>
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
        var labels = Apply("LABEL a='1 2' b.c=3", "LABEL b.c=4").Labels;
        Assert.NotNull(labels);
        Assert.Equal("1 2", labels["a"]);
        Assert.Equal("4", labels["b.c"]);
    }

    [Fact]
    public void Variables_have_the_values_of_earlier_changes()
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
        Assert.Equal(["CMD-SHELL", "true"], Apply("HEALTHCHECK --interval=5s CMD true").Healthcheck!.Test!);
    }

    [Theory]
    [InlineData("RUN x", "run is not a valid change command")]
    [InlineData("EXPOSE 70000", "invalid containerPort: 70000")]
    [InlineData("EXPOSE 80/icmp", "invalid containerPort: 80/icmp")]
    [InlineData("STOPSIGNAL NOPE", "invalid signal: NOPE")]
    public void What_an_image_cannot_have_is_the_callers_fault(string change, string message)
    {
        var failure = Assert.Throws<EngineException>(() => Apply(change));
        Assert.Equal(ErrorKind.InvalidParameter, failure.Kind);
        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public void The_first_wrong_change_is_the_one_that_is_told_of()
    {
        Assert.Equal("invalid containerPort: 0", Assert.Throws<EngineException>(() => Apply("EXPOSE 0", "USER a b")).Message);
        Assert.Equal("USER requires exactly one argument", Assert.Throws<DockerfileException>(() => Apply("USER a b", "EXPOSE 0")).Message);
    }
}
