using Hafen.Engine.Images;

namespace Hafen.Engine.Tests.Images;

public sealed class PlatformTextTests
{
    [Theory]
    [InlineData("nintendo64", "\"nintendo64\": unknown operating system or architecture: invalid argument")]
    [InlineData("linux/a/b/c", "\"linux/a/b/c\": cannot parse platform specifier: invalid argument")]
    [InlineData("lin ux", "\"lin ux\" is an invalid component of \"lin ux\": platform specifier component must match \"^[A-Za-z0-9_.-]+$\": invalid argument")]
    [InlineData("linux/", "\"\" is an invalid component of \"linux/\": platform specifier component must match \"^[A-Za-z0-9_.-]+$\": invalid argument")]
    public void What_is_no_platform_is_refused(string text, string message)
        => Assert.Equal(message, Assert.Throws<EngineException>(() => ImagePlatform.Parse(text)).Message);

    [Theory]
    [InlineData("linux/arm/v7", "linux/arm/v7")]
    [InlineData("LINUX/AMD64", "linux/amd64")]
    [InlineData("x86_64", "linux/amd64")]
    [InlineData("aarch64", "linux/arm64")]
    [InlineData("s390x", "linux/s390x")]
    public void What_is_one_is_understood(string text, string platform) => Assert.Equal(platform, ImagePlatform.Parse(text).ToString());
}
