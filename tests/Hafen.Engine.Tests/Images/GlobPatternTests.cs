using Hafen.Engine.Images;

namespace Hafen.Engine.Tests.Images;

public sealed class GlobPatternTests
{
    [Theory]
    [InlineData("busybox", "busybox", true)]
    [InlineData("busy*", "busybox:latest", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("*/*", "a/b", true)]
    [InlineData("*:latest", "busybox:latest", true)]
    [InlineData("b?sybox", "busybox", true)]
    [InlineData("?", "/", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[^a-c]x", "bx", false)]
    [InlineData("[]a]x", "]x", true)]
    [InlineData("[ab", "a", false)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("", "", true)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("a**", "a", true)]
    public void Patterns(string pattern, string text, bool matches) => Assert.Equal(matches, GlobPattern.Matches(pattern, text));
}
