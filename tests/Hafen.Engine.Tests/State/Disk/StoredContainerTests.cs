using System.Reflection;
using System.Text.Json;
using Hafen.Api;
using Hafen.Engine.State;
using Hafen.Engine.State.Disk;
using Hafen.Networking;

namespace Hafen.Engine.Tests.State.Disk;

/// <summary>Containers as they are stored: what is written comes back, and what an earlier release has written is read for ever.</summary>
public sealed class StoredContainerTests
{
    /// <summary>What of the wire means nothing at rest: requests lose the one, the others are told of a container that runs and never asked for.</summary>
    private static readonly string[] s_notStored = ["KernelMemory", "NetworkID", "EndpointID", "Gateway", "IPAddress", "IPPrefixLen"];

    [Fact]
    public void Every_field_of_a_container_comes_back()
    {
        var record = EveryField.Of<ContainerRecord>();
        byte[] file = JsonSerializer.SerializeToUtf8Bytes(ToDisk.Container(record), DiskJson.Default.StoredContainer);
        var read = FromDisk.Container(JsonSerializer.Deserialize(file, DiskJson.Default.StoredContainer)!);
        Assert.Empty(Lost(EveryField.Differences(record, read)));
    }

    [Fact]
    public void Every_field_of_a_state_comes_back()
    {
        var state = EveryField.Of<ContainerState>();
        byte[] file = JsonSerializer.SerializeToUtf8Bytes(ToDisk.State(state), DiskJson.Default.StoredState);
        Assert.Empty(EveryField.Differences(state, FromDisk.State(JsonSerializer.Deserialize(file, DiskJson.Default.StoredState)!)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_empty_is_not_taken_for_absent(bool empty)
    {
        var record = EveryField.Of<ContainerRecord>() with
        {
            ImageId = "",
            TopLayer = null,
            Config = new ContainerConfig { Env = empty ? [] : null, ExposedPorts = empty ? [] : null, Entrypoint = empty ? [""] : null, StopTimeout = empty ? 0 : null, User = empty ? "" : null },
            HostConfig = new HostConfig
            {
                MaskedPaths = empty ? [] : null,
                Init = empty ? false : null,
                MemorySwappiness = empty ? 0 : null,
                PortBindings = empty ? new() { ["80/tcp"] = null, ["81/tcp"] = [] } : null,
                LogConfig = empty ? new LogConfig { Config = [] } : null,
            },
            Networks = empty ? [] : [new ContainerNetwork { Name = "none", Settings = new EndpointSettings() }],
            Mounts = [new ContainerMount { Type = "bind", Destination = "/", Writable = false }],
        };
        byte[] file = JsonSerializer.SerializeToUtf8Bytes(ToDisk.Container(record), DiskJson.Default.StoredContainer);
        Assert.Empty(EveryField.Differences(record, FromDisk.Container(JsonSerializer.Deserialize(file, DiskJson.Default.StoredContainer)!)));
    }

    [Fact]
    public void Every_status_comes_back()
        => Assert.All(Enum.GetValues<ContainerStatus>(), status => Assert.Equal(status, FromDisk.State(ToDisk.State(new ContainerState { Status = status })).Status));

    /// <summary>The files were written by the release that stored what the wire has.</summary>
    [Fact]
    public void What_the_first_release_has_written_is_read_without_loss()
    {
        using var recordFile = JsonDocument.Parse(Version1("container.json"));
        using var stateFile = JsonDocument.Parse(Version1("state.json"));
        var record = FromDisk.Container(JsonSerializer.Deserialize(Version1("container.json"), DiskJson.Default.StoredContainer)!);
        var state = FromDisk.State(JsonSerializer.Deserialize(Version1("state.json"), DiskJson.Default.StoredState)!);
        Assert.Equal(["Version"], Lost(Missing(recordFile.RootElement, record, "")).Select(path => path.Split(':')[0].TrimStart('.')));
        Assert.Empty(Missing(stateFile.RootElement, state, ""));
    }

    /// <summary>An earlier release that is started again finds in the files what it knows.</summary>
    [Fact]
    public void The_files_keep_the_names_of_the_first_release()
    {
        Assert.Equal(Lost(Names(Version1("container.json"))), Names(JsonSerializer.SerializeToUtf8Bytes(ToDisk.Container(EveryField.Of<ContainerRecord>()), DiskJson.Default.StoredContainer)));
        Assert.Equal(
            [.. Names(Version1("state.json")), "Version"],
            Names(JsonSerializer.SerializeToUtf8Bytes(ToDisk.State(EveryField.Of<ContainerState>()), DiskJson.Default.StoredState)));
    }

    /// <summary>What the API or a room changes in its own types changes no file.</summary>
    [Fact]
    public void Nothing_but_types_of_the_disk_is_stored()
    {
        var seen = new HashSet<Type>();
        var next = new Stack<Type>([typeof(StoredContainer), typeof(StoredState)]);
        while (next.TryPop(out var type))
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (type.IsArray)
                next.Push(type.GetElementType()!);
            else if (type.IsGenericType)
                Array.ForEach(type.GetGenericArguments(), next.Push);
            else if (!type.Namespace!.StartsWith("System", StringComparison.Ordinal) && seen.Add(type) && !type.IsEnum)
                Array.ForEach(type.GetProperties(BindingFlags.Public | BindingFlags.Instance), property => next.Push(property.PropertyType));
        }
        Assert.NotEmpty(seen);
        Assert.All(seen, type => Assert.Equal(typeof(StoredContainer).Namespace, type.Namespace));
    }

    private static byte[] Version1(string name)
    {
        using var stream = typeof(StoredContainerTests).Assembly.GetManifestResourceStream(name)!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static IEnumerable<string> Lost(IEnumerable<string> paths)
        => paths.Where(path => !s_notStored.Contains(path.Split(':')[0].Split('.')[^1]));

    /// <summary>What a file says and an object does not.</summary>
    private static IEnumerable<string> Missing(JsonElement file, object? read, string path)
    {
        switch (file.ValueKind)
        {
            case JsonValueKind.Object when read is System.Collections.IDictionary map:
                return file.EnumerateObject().SelectMany(member => Missing(member.Value, map[member.Name], $"{path}[{member.Name}]"));
            case JsonValueKind.Object:
                return file.EnumerateObject().SelectMany(member => Missing(member.Value, read?.GetType().GetProperty(member.Name)?.GetValue(read), $"{path}.{member.Name}"));
            case JsonValueKind.Array:
                return file.EnumerateArray().SelectMany((element, i) => Missing(element, (read as Array)?.GetValue(i), $"{path}[{i}]"));
            default:
                string expected = read is DateTimeOffset ? file.GetDateTimeOffset().ToString("O") : file.ToString();
                string? found = read is DateTimeOffset time ? time.ToString("O") : read?.ToString();
                return expected == found ? [] : [$"{path}: {expected} and {found ?? "nothing"}"];
        }
    }

    /// <summary>Names of all members, by their places; what a person has named is left out.</summary>
    private static SortedSet<string> Names(byte[] file)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        using var document = JsonDocument.Parse(file);
        Collect(document.RootElement, "");
        return names;

        void Collect(JsonElement element, string path)
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray())
                    Collect(item, path);
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in element.EnumerateObject())
                {
                    string name = member.Name.Contains(' ', StringComparison.Ordinal) ? path : path.Length == 0 ? member.Name : path + "." + member.Name;
                    names.Add(name);
                    Collect(member.Value, name);
                }
            }
        }
    }
}
