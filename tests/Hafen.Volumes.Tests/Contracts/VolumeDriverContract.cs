using Hafen.Snapshots.Tests;
using Hafen.Volumes.Drivers;

namespace Hafen.Volumes.Tests.Contracts;

/// <summary>What every volume driver does for the store, and whatever stands for one in tests. The folders are made and removed here, as the store does it.</summary>
public abstract class VolumeDriverContract : IAsyncLifetime
{
    private static readonly Dictionary<string, string> s_none = [];

    private readonly TemporaryFolder _folder = new();
    private IVolumeDriver? _driver;

    protected string Root => _folder.Path;

    private IVolumeDriver Driver => _driver ??= Open(Root);

    /// <summary>The driver over what is there already.</summary>
    /// <param name="root">The folder with one folder a volume.</param>
    protected abstract IVolumeDriver Open(string root);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void It_has_a_name_that_people_can_write() => Assert.Matches("^[a-z][a-z0-9-]*$", Driver.Name);

    [Fact]
    public void No_options_are_fine_and_an_unknown_one_is_refused()
    {
        Driver.Check("data", s_none);
        var failure = Assert.Throws<VolumeException>(() => Driver.Check("data", new Dictionary<string, string> { ["no-such-option"] = "" }));
        Assert.Equal("create data: invalid option: \"no-such-option\"", failure.Message);
    }

    [Fact]
    public async Task What_is_mounted_is_an_empty_folder_at_the_place_that_is_shown()
    {
        var volume = await MakeAsync("data");
        string path = await Driver.MountAsync(volume, default);
        Assert.Empty(Directory.EnumerateFileSystemEntries(path));
        if (volume.Mountpoint.Length > 0)
            Assert.Equal(volume.Mountpoint, path);
    }

    [Fact]
    public async Task Everybody_who_mounts_it_finds_the_same_content()
    {
        var volume = await MakeAsync("data");
        string path = await Driver.MountAsync(volume, default);
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "content");
        Assert.Equal(path, await Driver.MountAsync(volume, default));
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(path, "file")));
    }

    [Fact]
    public async Task The_content_outlives_its_users_and_the_driver()
    {
        var volume = await MakeAsync("data");
        await File.WriteAllTextAsync(Path.Combine(await Driver.MountAsync(volume, default), "file"), "content");
        await Driver.UnmountAsync(volume, default);
        await Driver.UnmountAsync(volume, default);
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(await Driver.MountAsync(volume, default), "file")));

        // One that was killed has unmounted nothing.
        var again = Open(Root);
        await again.OpenAsync(volume, default);
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(await again.MountAsync(volume, default), "file")));
        await again.UnmountAsync(volume, default);
    }

    [Fact]
    public async Task Volumes_have_nothing_in_common()
    {
        var one = await MakeAsync("one");
        var two = await MakeAsync("two");
        string path = await Driver.MountAsync(one, default);
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "content");
        Assert.Empty(Directory.EnumerateFileSystemEntries(await Driver.MountAsync(two, default)));
        await RemoveAsync(two);
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(await Driver.MountAsync(one, default), "file")));
    }

    [Fact]
    public async Task Removal_leaves_nothing_and_can_be_repeated()
    {
        var volume = await MakeAsync("data");
        string path = await Driver.MountAsync(volume, default);
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "content");
        await Driver.UnmountAsync(volume, default);
        await Driver.RemoveAsync(volume, default);
        await RemoveAsync(volume);
        Assert.False(Directory.Exists(path));
        Assert.DoesNotContain("data", await Driver.ListAsync(default));
        Assert.Null(await Driver.FindAsync("data", default));

        // The name is free again, and nothing of before comes back with it.
        Assert.Empty(Directory.EnumerateFileSystemEntries(await Driver.MountAsync(await MakeAsync("data"), default)));
    }

    [Fact]
    public async Task An_empty_volume_takes_what_the_image_has_and_a_full_one_nothing()
    {
        string layer = Path.Combine(Root, ".layer");
        Directory.CreateDirectory(Path.Combine(layer, "srv", "sub"));
        await File.WriteAllTextAsync(Path.Combine(layer, "srv", "sub", "file"), "content");
        var volume = await MakeAsync("data");
        await Driver.PopulateAsync(volume, [layer], "/nowhere", default);
        string path = await Driver.MountAsync(volume, default);
        Assert.Empty(Directory.EnumerateFileSystemEntries(path));
        await Driver.PopulateAsync(volume, [layer], "/srv", default);
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(path, "sub", "file")));

        await File.WriteAllTextAsync(Path.Combine(layer, "srv", "late"), "");
        await Driver.PopulateAsync(volume, [layer], "/srv", default);
        Assert.Equal(["sub"], Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Its_use_of_space_grows_with_the_content_or_cannot_be_told()
    {
        var volume = await MakeAsync("data");
        if (await Driver.UsageAsync(volume, default) is not { } before)
            return;
        await File.WriteAllTextAsync(Path.Combine(await Driver.MountAsync(volume, default), "file"), "content");
        Assert.Equal(before + "content".Length, await Driver.UsageAsync(volume, default));
    }

    [Fact]
    public async Task Its_volumes_are_listed_and_one_with_content_is_found_without_a_record()
    {
        Assert.Empty(await Driver.ListAsync(default));
        Assert.Null(await Driver.FindAsync("data", default));
        var volume = await MakeAsync("data");
        await File.WriteAllTextAsync(Path.Combine(await Driver.MountAsync(volume, default), "file"), "content");
        Assert.Equal(["data"], await Driver.ListAsync(default));
        var found = await Driver.FindAsync("data", default);
        Assert.NotNull(found);
        Assert.True((DateTimeOffset.UtcNow - found.Value).Duration() < TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task A_volume_on_record_is_usable_after_the_daemons_start_whatever_has_become_of_its_folder()
    {
        var volume = await MakeAsync("data");
        foreach (string entry in Directory.EnumerateDirectories(Path.Combine(Root, "data")))
            Directory.Delete(entry, recursive: true);
        var again = Open(Root);
        await again.OpenAsync(volume, default);
        Assert.True(Directory.Exists(await again.MountAsync(volume, default)));
    }

    private async Task<Volume> MakeAsync(string name)
    {
        Driver.Check(name, s_none);
        Directory.CreateDirectory(Path.Combine(Root, name));
        var volume = new Volume
        {
            Name = name,
            Driver = Driver.Name,
            Scope = Driver.Scope,
            Mountpoint = Driver.Path(name),
            CreatedAt = DateTimeOffset.UtcNow,
            Options = s_none,
            Labels = s_none,
        };
        await Driver.CreateAsync(volume, default);
        return volume;
    }

    private async Task RemoveAsync(Volume volume)
    {
        await Driver.RemoveAsync(volume, default);
        Directory.Delete(Path.Combine(Root, volume.Name), recursive: true);
    }
}
