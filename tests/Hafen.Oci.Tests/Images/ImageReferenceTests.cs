using Hafen.Oci.Images;

namespace Hafen.Oci.Tests.Images;

public sealed class ImageReferenceTests
{
    private const string Hex = "1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdef";

    [Theory]
    [InlineData("busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("busybox:1.36", "docker.io/library/busybox:1.36", "busybox:1.36")]
    [InlineData("user/app", "docker.io/user/app:latest", "user/app:latest")]
    [InlineData("docker.io/busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("docker.io/library/busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("index.docker.io/library/busybox:x", "docker.io/library/busybox:x", "busybox:x")]
    [InlineData("library/a/b", "docker.io/library/a/b:latest", "library/a/b:latest")]
    [InlineData("localhost/app", "localhost/app:latest", "localhost/app:latest")]
    [InlineData("localhost:5000/app:v1", "localhost:5000/app:v1", "localhost:5000/app:v1")]
    [InlineData("registry.example/a/b/c", "registry.example/a/b/c:latest", "registry.example/a/b/c:latest")]
    [InlineData("[2001:db8::1]:5000/app", "[2001:db8::1]:5000/app:latest", "[2001:db8::1]:5000/app:latest")]
    [InlineData("Host/app", "Host/app:latest", "Host/app:latest")]
    [InlineData("a__b/c---d.e_f", "docker.io/a__b/c---d.e_f:latest", "a__b/c---d.e_f:latest")]
    [InlineData("app@sha256:" + Hex, "docker.io/library/app@sha256:" + Hex, "app@sha256:" + Hex)]
    [InlineData("app:v1@sha256:" + Hex, "docker.io/library/app:v1@sha256:" + Hex, "app:v1@sha256:" + Hex)]
    public void Reads_familiar_and_normal_forms(string text, string normal, string familiar)
    {
        var reference = ImageReference.Parse(text);
        Assert.Equal(normal, reference.ToString());
        Assert.Equal(familiar, reference.Familiar);
        Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
        Assert.Equal(reference, ImageReference.Parse(reference.Familiar));
    }

    [Theory]
    [InlineData("", "invalid reference format")]
    [InlineData(":tag", "invalid reference format")]
    [InlineData("a//b", "invalid reference format")]
    [InlineData("-a", "invalid reference format")]
    [InlineData("a-", "invalid reference format")]
    [InlineData("a..b", "invalid reference format")]
    [InlineData("a___b", "invalid reference format")]
    [InlineData("app:.tag", "invalid reference format")]
    [InlineData("app:", "invalid reference format")]
    [InlineData("app:a:b", "invalid reference format")]
    [InlineData("app@sha256:12", "invalid reference format")]
    [InlineData("app@md5:" + Hex, "unsupported digest algorithm")]
    [InlineData("exa_mple.com/app", "invalid reference format")]
    [InlineData("host:port/app", "invalid reference format")]
    [InlineData("a b", "invalid reference format")]
    [InlineData("Busybox", "invalid reference format: repository name (library/Busybox) must be lowercase")]
    [InlineData("user/App:x", "invalid reference format: repository name (user/App) must be lowercase")]
    [InlineData(Hex, "invalid repository name (" + Hex + "), cannot specify 64-byte hexadecimal strings")]
    public void Refuses_with_the_reference_librarys_words(string text, string message)
    {
        Assert.Equal(message, Assert.Throws<FormatException>(() => ImageReference.Parse(text)).Message);
    }

    [Fact]
    public void A_name_has_at_most_255_characters()
    {
        Assert.True(ImageReference.TryParse("r.io/" + new string('a', 250), out _, out _));
        Assert.False(ImageReference.TryParse("r.io/" + new string('a', 251), out _, out string? error));
        Assert.Equal("repository name must not be more than 255 characters", error);
    }

    [Fact]
    public void A_tag_has_at_most_128_characters()
    {
        Assert.True(ImageReference.IsTag(new string('t', 128)));
        Assert.False(ImageReference.IsTag(new string('t', 129)));
    }

    [Fact]
    public void A_bare_name_keeps_its_tag_absent()
    {
        Assert.True(ImageReference.TryParseName("busybox", out var reference, out _));
        Assert.Null(reference.Tag);
    }
}
