using Hafen.Engine.Tests.State.Disk;
using Hafen.Linux.FileSystem;
using Hafen.Networking.State;

namespace Hafen.Networking.Tests.NetworksRoom;

public sealed class NetworkStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hft-");

    private string Root => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void RecordsComeBackAndABrokenFileIsSetAside()
    {
        var store = new NetworkStore(Path.Combine(Root, "networks"));
        Assert.Empty(store.Load(out _));
        var record = new NetworkRecord { Id = NetworkStore.NewId(), Name = "bridge", Driver = "bridge", Created = DateTimeOffset.UtcNow, Address = "172.17.0.1/16" };
        store.Save(record);
        store.Save(record with { Address = "172.18.0.1/16" });
        File.WriteAllText(Path.Combine(Root, "networks", "half.json"), "{\"id\":");
        Assert.Equal(record with { Address = "172.18.0.1/16" }, Assert.Single(store.Load(out _)));
        Assert.Equal(new[] { "half.json.broken", record.Id + ".json" }.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Path.Combine(Root, "networks")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryFieldComesBack()
    {
        var store = new NetworkStore(Root);
        var record = EveryField.Of<NetworkRecord>();
        var forwarding = EveryField.Of<ForwardingRecord>();
        store.Save(record);
        store.SaveForwarding(forwarding);
        Assert.Empty(EveryField.Differences(record, Assert.Single(store.Load(out _))));
        Assert.Empty(EveryField.Differences(forwarding, store.LoadForwarding()));
        Assert.StartsWith("{\n  \"version\": 1,\n", File.ReadAllText(Path.Combine(Root, record.Id + ".json")), StringComparison.Ordinal);
    }

    /// <summary>The files were written by the first release, in which they had no version.</summary>
    [Fact]
    public void WhatTheFirstReleaseHasWrittenIsRead()
    {
        string id = new('a', 64);
        Directory.CreateDirectory(Path.Combine(Root, "host"));
        Copy("network.json", Path.Combine(Root, id + ".json"));
        Copy("forwarding.json", Path.Combine(Root, "host", "forwarding.json"));
        var store = new NetworkStore(Root);
        Assert.Empty(EveryField.Differences(
            new NetworkRecord
            {
                Id = id,
                Name = "Name 13",
                Driver = "Driver 4",
                Created = new DateTimeOffset(2026, 3, 1, 12, 30, 18, 250, TimeSpan.Zero),
                Address = "Address 2",
                MacAddress = "MacAddress 12",
                Labels = new() { ["Labels key 10"] = "Labels 11" },
                ForwardingSwitchedOn = true,
                ForwardingBoot = "ForwardingBoot 6",
                ForwardersBefore = "ForwardersBefore 5",
            },
            Assert.Single(store.Load(out _))));
        Assert.Equal(new ForwardingRecord { SwitchedOn = true, Boot = "Boot 2", ForwardersBefore = "ForwardersBefore 3" }, store.LoadForwarding());
    }

    [Theory]
    [InlineData("{\"version\":2,\"id\":[]}")]
    [InlineData("{\"version\":2,\"id\":\"half")]
    public void WhatANewerReleaseHasWrittenIsLeftAlone(string content)
    {
        var store = new NetworkStore(Root);
        var record = EveryField.Of<NetworkRecord>();
        store.Save(record);
        Directory.CreateDirectory(Path.Combine(Root, "host"));
        string network = Path.Combine(Root, new string('b', 64) + ".json"), forwarding = Path.Combine(Root, "host", "forwarding.json");
        File.WriteAllText(network, content);
        File.WriteAllText(forwarding, content);
        Assert.Equal(record, Assert.Single(store.Load(out var leftAlone)));
        Assert.Equal($"{network} has version 2 of its format, and this release knows none newer than 1: it is left alone", Assert.Single(leftAlone));
        Assert.Throws<NewerVersionException>(store.LoadForwarding);
        Assert.Equal((content, content), (File.ReadAllText(network), File.ReadAllText(forwarding)));
    }

    private static void Copy(string name, string path)
    {
        using var from = typeof(NetworkStoreTests).Assembly.GetManifestResourceStream(name)!;
        using var to = File.Create(path);
        from.CopyTo(to);
    }
}
