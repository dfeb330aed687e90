using Hafen.Networking.State;

namespace Hafen.Networking.Tests.NetworksRoom;

public sealed class NetworkStoreTests
{
    [Fact]
    public void RecordsComeBackAndABrokenFileIsSetAside()
    {
        var folder = Directory.CreateTempSubdirectory("hft-");
        try
        {
            var store = new NetworkStore(Path.Combine(folder.FullName, "networks"));
            Assert.Empty(store.Load());
            var record = new NetworkRecord { Id = NetworkStore.NewId(), Name = "bridge", Driver = "bridge", Created = DateTimeOffset.UtcNow, Address = "172.17.0.1/16" };
            store.Save(record);
            store.Save(record with { Address = "172.18.0.1/16" });
            File.WriteAllText(Path.Combine(folder.FullName, "networks", "half.json"), "{\"id\":");
            Assert.Equal(record with { Address = "172.18.0.1/16" }, Assert.Single(store.Load()));
            Assert.Equal(new[] { "half.json.broken", record.Id + ".json" }.Order(StringComparer.Ordinal),
                Directory.EnumerateFiles(Path.Combine(folder.FullName, "networks")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
