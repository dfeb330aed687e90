using Hafen.Engine.Images;
using Hafen.Errors;
using Hafen.Oci.Images;

namespace Hafen.Engine.Tests.Images;

public sealed class ImagePlatformTests
{
    [Theory]
    [InlineData("linux/amd64", "linux/amd64")]
    [InlineData("Linux/x86_64", "linux/amd64")]
    [InlineData("linux/arm/v7", "linux/arm/v7")]
    [InlineData("arm64", "linux/arm64")]
    [InlineData("windows/amd64", "windows/amd64")]
    public void A_platform_is_read(string text, string read) => Assert.Equal(read, ImagePlatform.Read(text).ToString());

    [Theory]
    [InlineData("""{"os":"linux","architecture":"arm64","variant":"v8"}""", "linux/arm64/v8")]
    [InlineData("""{"os":"windows","architecture":"amd64"}""", "windows/amd64")]
    public void Its_JSON_form_is_read(string json, string read) => Assert.Equal(read, ImagePlatform.ReadJson(json).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("linux/amd64")]
    [InlineData("[]")]
    [InlineData("""{"os":"linux"}""")]
    [InlineData("""{"os":1,"architecture":"amd64"}""")]
    public void Anything_else_is_refused(string json)
        => Assert.Equal(ErrorKind.InvalidParameter, Assert.Throws<EngineException>(() => ImagePlatform.ReadJson(json)).Kind);

    [Fact]
    public void An_image_for_another_platform_is_not_found()
    {
        var image = new ImageConfig { Os = "linux", Architecture = "arm64", Variant = "v8" };
        ImagePlatform.Read("linux/arm64").Require("a", image);
        ImagePlatform.Read("linux/arm64/v8").Require("a", image);
        var error = Assert.Throws<EngineException>(() => ImagePlatform.Read("windows/arm64").Require("a", image));
        Assert.Equal((ErrorKind.NotFound, "image with reference a was found but does not provide the specified platform (windows/arm64)"), (error.Kind, error.Message));
        Assert.False(ImagePlatform.Read("linux/arm64/v9").IsOf(image));
    }
}
