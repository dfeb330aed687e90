using Hafen.Cli.Commands;

namespace Hafen.Cli.Tests.Commands;

public sealed class PlatformSpecTests
{
    [Theory]
    [InlineData("linux/amd64", "linux/amd64")]
    [InlineData("Linux/x86_64", "linux/amd64")]
    [InlineData("linux/aarch64", "linux/arm64")]
    [InlineData("linux/arm64/v8", "linux/arm64")]
    [InlineData("linux/arm", "linux/arm/v7")]
    [InlineData("linux/arm/6", "linux/arm/v6")]
    [InlineData("arm64", "linux/arm64")]
    [InlineData("windows/amd64", "windows/amd64")]
    public void Platforms(string text, string wanted) => Assert.Equal(wanted, PlatformSpec.Parse(text).ToString());

    [Theory]
    [InlineData("x", "\"x\": unknown operating system or architecture: invalid argument")]
    [InlineData("a/b/c/d", "\"a/b/c/d\": cannot parse platform specifier: invalid argument")]
    [InlineData("linux/", "\"\" is an invalid component of \"linux/\"")]
    [InlineData("a b", "\"a b\" is an invalid component of \"a b\"")]
    public void What_is_no_platform_is_refused(string text, string message)
        => Assert.StartsWith(message, Assert.Throws<FormatException>(() => PlatformSpec.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_image_routes_get_json()
        => Assert.Equal("""{"architecture":"arm","os":"linux","variant":"v7"}""", PlatformSpec.Parse("linux/arm/v7").ToJson());
}
