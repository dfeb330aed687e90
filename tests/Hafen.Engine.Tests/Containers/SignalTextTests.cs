using Hafen.Engine.Containers;

namespace Hafen.Engine.Tests.Containers;

public sealed class SignalTextTests
{
    [Theory]
    [InlineData("KILL", 9)]
    [InlineData("SIGKILL", 9)]
    [InlineData("sigterm", 15)]
    [InlineData("15", 15)]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX-1", 63)]
    public void Known(string text, int number) => Assert.Equal(number, SignalText.ParseValid(text));

    [Theory]
    [InlineData("FOO", "invalid signal: FOO")]
    [InlineData("0", "invalid signal: 0")]
    [InlineData("RTMIN+99", "invalid signal: RTMIN+99")]
    [InlineData("65", "the linux daemon does not support signal 65")]
    [InlineData("32", "the linux daemon does not support signal 32")]
    [InlineData("-9", "the linux daemon does not support signal -9")]
    public void Refused(string text, string message)
        => Assert.Equal(message, Assert.Throws<EngineException>(() => SignalText.ParseValid(text)).Message);

    [Theory]
    [InlineData("ctrl-p,ctrl-q", new byte[] { 16, 17 })]
    [InlineData("", new byte[] { 16, 17 })]
    [InlineData("a,ctrl-@,ctrl-_,DEL", new byte[] { 97, 0, 31, 127 })]
    public void Detach_keys(string text, byte[] expected) => Assert.Equal(expected, DetachKeys.Parse(text, "bad {0}"));

    [Theory]
    [InlineData("ctrl-5")]
    [InlineData("ctrl-A")]
    [InlineData("CTRL-a")]
    [InlineData("del")]
    [InlineData("a,,b")]
    [InlineData("\u00e4")]
    public void Unknown_detach_keys_are_refused(string text)
        => Assert.Equal("bad " + text, Assert.Throws<EngineException>(() => DetachKeys.Parse(text, "bad {0}")).Message);
}
