using Hafen.Engine.Tests.Fakes;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Tests.State.Disk;

/// <summary>What a newer release has written is neither misread nor written over nor removed, and somebody is told.</summary>
public sealed class NewerReleaseTests : IAsyncDisposable
{
    private readonly TestEngine _test = new();

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Theory]
    [InlineData("container.json", "{\"Version\":2,\"Id\":7}", "2")]
    [InlineData("container.json", "{\"Version\":2,\"Id\":\"half", "2")]
    [InlineData("container.json", "{\"Id\":{\"Version\":1},\"Version\":\"three\"}", "three")]
    [InlineData("state.json", "{\"Version\":2,\"Status\":\"Frozen\"}", "2")]
    public async Task A_container_of_a_newer_release_is_left_alone_and_told_of(string name, string content, string version)
    {
        string id = await _test.CreateAsync(name: "web");
        string folder = _test.Store.FolderOf(id);
        File.WriteAllText(Path.Combine(folder, name), content);
        string[] before = Files(folder);

        await _test.CrashAndOpenAsync();

        string path = Path.Combine(folder, name);
        string reason = $"{path} has version {version} of its format, and this release knows none newer than 1: it is left alone";
        Assert.Equal(reason, _test.Store.Unreadable[id]);
        Assert.Contains((LogLevel.Warning, $"container {id} is left alone: {reason}"), _test.Log.Entries);
        Assert.Equal(before, Files(folder));
        Assert.Contains(id, _test.Snapshots.Existing);
        Assert.Empty(_test.Store.All);

        // Its name is no reason to touch it either.
        string other = await _test.CreateAsync(name: "web");
        await _test.Containers.Remove.RunAsync(other, force: true, removeVolumes: true, CancellationToken.None);
        Assert.Equal(before, Files(folder));
    }

    [Fact]
    public async Task What_is_left_alone_of_images_is_told()
    {
        _test.Images.LeftAlone = ["images.json is a newer release's"];
        await _test.CrashAndOpenAsync(networks: networks => networks.Warnings = ["the firewall drops"]);
        Assert.Equal(["the firewall drops", "images.json is a newer release's"], _test.Engine.Warnings.All);
        Assert.Contains((LogLevel.Warning, "images.json is a newer release's"), _test.Log.Entries);
    }

    [Fact]
    public async Task A_state_without_a_version_is_of_the_first_release()
    {
        string id = await _test.CreateAsync(name: "web");
        string path = Path.Combine(_test.Store.FolderOf(id), "state.json");
        Assert.Equal("{\"Version\":1,\"Status\":\"Created\"}", File.ReadAllText(path));
        File.WriteAllText(path, "{\"Status\":\"Exited\",\"ExitCode\":42,\"HasRun\":true}");
        await _test.CrashAndOpenAsync();
        Assert.Equal(("exited", 42), (_test.Status(id), _test.Inspect(id).State.ExitCode));
    }

    private static string[] Files(string folder)
        => [.. Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal).Select(path => path + ": " + (Directory.Exists(path) ? "" : File.ReadAllText(path)))];
}
