using System.Text.Json.Nodes;
using Hafen.Errors;
using Hafen.Snapshots.Tests;

namespace Hafen.Volumes.Tests.State;

/// <summary>What stands on the disk, of this release and of others.</summary>
public sealed class VolumeRecordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string RecordOf(string name) => Path.Combine(_folder.Path, "volumes", name, "volume.json");

    private async Task<VolumeStore> OpenAsync() => await VolumeStore.OpenAsync(_folder.Path, default);

    [Fact]
    public async Task The_record_has_its_form_and_says_which()
    {
        var volume = await (await OpenAsync()).CreateAsync(
            "data",
            null,
            new Dictionary<string, string> { ["type"] = "none", ["o"] = "bind", ["device"] = "/srv" },
            new Dictionary<string, string> { ["a"] = "b" },
            default);
        var record = JsonNode.Parse(await File.ReadAllTextAsync(RecordOf("data")))!;
        Assert.Equal(volume.CreatedAt, record["createdAt"]!.GetValue<DateTimeOffset>());
        record.AsObject().Remove("createdAt");
        Assert.Equal(
            """{"version":1,"name":"data","driver":"local","options":{"type":"none","o":"bind","device":"/srv"},"labels":{"a":"b"}}""", record.ToJsonString());
    }

    [Fact]
    public async Task The_record_of_an_earlier_release_has_no_version()
    {
        Put("data", """{"name":"data","driver":"local","createdAt":"2024-05-01T12:00:00+00:00","options":{"type":"tmpfs","device":"tmpfs"},"labels":{"a":"b"}}""");
        var volume = (await OpenAsync()).Find("data")!;
        Assert.Equal(
            ("data", "local", new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.Zero), "tmpfs", "b"),
            (volume.Name, volume.Driver, volume.CreatedAt, volume.Options["type"], volume.Labels["a"]));
    }

    [Theory]
    [InlineData("""{"version":2,"name":"data","driver":"local","createdAt":"2024-05-01T12:00:00+00:00","labels":{}}""")]
    [InlineData("""{"version":3,"volume":{"labels":["of a form that nobody knows"]}}""")]
    public async Task The_record_of_a_later_release_is_left_alone_and_told(string record)
    {
        Put("data", record);
        string copying = Path.Combine(_folder.Path, "volumes", "data", "_data.new");
        Directory.CreateDirectory(copying);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "volumes", "data", "_data", "file"), "content");
        var volumes = await OpenAsync();
        Assert.Empty(volumes.List());
        Assert.Equal(["the volume data was written by a later release and is left alone"], volumes.Warnings);

        foreach (var call in (Func<Task>[])[() => volumes.MountAsync("data", "a", default).AsTask(), () => volumes.RemoveAsync("data", default).AsTask()])
        {
            var failure = await Assert.ThrowsAsync<VolumeException>(call);
            Assert.Equal((ErrorKind.Conflict, "get data: the volume was written by a later release, which is needed to use it"), (failure.Kind, failure.Message));
        }
        Assert.Equal(
            "create data: the volume was written by a later release, which is needed to use it",
            (await Assert.ThrowsAsync<VolumeException>(async () => await volumes.CreateAsync("data", null, null, null, default))).Message);
        Assert.Equal(record, await File.ReadAllTextAsync(RecordOf("data")));
        Assert.True(Directory.Exists(copying));
        Assert.True(File.Exists(Path.Combine(_folder.Path, "volumes", "data", "_data", "file")));
    }

    [Fact]
    public async Task The_folders_name_is_the_volumes()
    {
        Put("copy", """{"version":1,"name":"data","driver":"local","createdAt":"2024-05-01T12:00:00+00:00"}""");
        Assert.Equal(["copy"], (await OpenAsync()).List().Select(volume => volume.Name));
    }

    private void Put(string name, string record)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "volumes", name, "_data"));
        File.WriteAllText(RecordOf(name), record);
    }
}
