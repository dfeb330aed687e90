using Hafen.Oci.Images;
using Hafen.Snapshots.Tests;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Images.Tests;

public sealed class RoundTripTests
{
    [Fact]
    public async Task Import_save_and_load_keep_the_layers_bytes()
    {
        byte[] tar = new TarBuilder().Folder("./").Folder("bin").File("bin/sh", "shell", 0x1ED).Link("sh", "bin/sh").HardLink("bin/ash", "bin/sh").Build();
        await using var first = StoreFixture.Open();
        var image = await first.Images.ImportAsync(new MemoryStream(tar), ImageReference.Parse("test:1"), new ImageConfig(), "made by a test", default);
        byte[] archive = await first.SaveAsync("test:1");

        await using var second = StoreFixture.Open();
        var result = await second.LoadAsync(archive);
        Assert.Equal(["test:1"], result.References);
        Assert.Equal(image.Id, Assert.Single(result.Images).Id);
        Assert.Equal(archive, await second.SaveAsync("test:1"));

        MemoryStream diff = new();
        await second.Layers.WriteDiffAsync(image.TopLayer!.Value, diff, default);
        Assert.Equal(tar, diff.ToArray());
    }
}
