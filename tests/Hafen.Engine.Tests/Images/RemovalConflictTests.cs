using Hafen.Engine.Images;
using Hafen.Images;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Engine.Tests.Images;

public sealed class RemovalConflictTests
{
    private static readonly Digest s_id = Digest.Parse("sha256:" + new string('a', 64));

    private static Image Image(params string[] names) => new()
    {
        Id = s_id,
        Config = new ImageConfig(),
        Tags = [.. names.Select(ImageReference.Parse)],
        RepoDigests = [],
        TopLayer = null,
        Size = 0,
        LastTagged = null,
    };

    private static ImageUse[] Uses(string uses) => uses switch
    {
        "running" => [new ImageUse("c0ffeec0ffeec0ffee", s_id, Running: true)],
        "stopped" => [new ImageUse("c0ffeec0ffeec0ffee", s_id, Running: false)],
        _ => [],
    };

    [Theory]
    [InlineData("a:1", "a:1", "none", false, null)]
    [InlineData("a:1", "a:1 a:2", "running", false, null)]
    [InlineData("a:1", "a:1", "stopped", true, null)]
    [InlineData("a:1", "a:1", "stopped", false, "conflict: unable to remove repository reference \"a:1\" (must force) - container c0ffeec0ffee is using its referenced image aaaaaaaaaaaa")]
    [InlineData("a:1", "a:1", "running", true, null)]
    [InlineData("aaaa", "a:1", "none", false, null)]
    [InlineData("aaaa", "a:1", "stopped", true, null)]
    [InlineData("aaaa", "a:1", "stopped", false, "conflict: unable to delete aaaaaaaaaaaa (must be forced) - image is being used by stopped container c0ffeec0ffee")]
    [InlineData("aaaa", "a:1", "running", true, "conflict: unable to delete aaaaaaaaaaaa (cannot be forced) - image is being used by running container c0ffeec0ffee")]
    [InlineData("aaaa", "a:1 b:1", "none", false, "conflict: unable to delete aaaaaaaaaaaa (must be forced) - image is referenced in multiple repositories")]
    [InlineData("sha256:aaaa", "a:1 b:1", "none", true, null)]
    public void Docker_decides_so(string reference, string names, string uses, bool force, string? message)
        => Assert.Equal(message, RemovalConflict.Find(reference, Image(names.Split(' ')), Uses(uses), force)?.Message);

    [Theory]
    [InlineData("a:1", "running", true)]
    [InlineData("a:1", "stopped", false)]
    [InlineData("aaaa", "running", false)]
    public void A_name_goes_without_its_image_while_a_container_runs_on_it(string reference, string uses, bool keeps)
        => Assert.Equal(keeps, RemovalConflict.KeepsImage(reference, Image("a:1"), Uses(uses)));
}
