using System.Text.Json;

namespace Hafen.Runtime.State;

/// <summary>What a state folder's <c>state.json</c> holds. Whether the container runs is asked of the kernel each time, not stored.</summary>
public sealed record StoredContainer
{
    public required string Id { get; init; }

    /// <summary>Init's pid.</summary>
    public required int Pid { get; init; }

    /// <summary>Init's start time in clock ticks since boot: with the pid it names one process for good.</summary>
    public required ulong StartTime { get; init; }

    public required string Bundle { get; init; }
    public required string CgroupPath { get; init; }

    /// <summary>Unix time in milliseconds.</summary>
    public required long CreatedAt { get; init; }

    public bool NoNewKeyring { get; init; }

    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", Id);
            json.WriteNumber("pid", Pid);
            json.WriteNumber("startTime", StartTime);
            json.WriteString("bundle", Bundle);
            json.WriteString("cgroupPath", CgroupPath);
            json.WriteNumber("createdAt", CreatedAt);
            json.WriteBoolean("noNewKeyring", NoNewKeyring);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <exception cref="JsonException">Not what <see cref="ToJson"/> writes.</exception>
    public static StoredContainer FromJson(ReadOnlyMemory<byte> text)
    {
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        try
        {
            return new StoredContainer
            {
                Id = root.GetProperty("id").GetString()!,
                Pid = root.GetProperty("pid").GetInt32(),
                StartTime = root.GetProperty("startTime").GetUInt64(),
                Bundle = root.GetProperty("bundle").GetString()!,
                CgroupPath = root.GetProperty("cgroupPath").GetString()!,
                CreatedAt = root.GetProperty("createdAt").GetInt64(),
                NoNewKeyring = root.GetProperty("noNewKeyring").GetBoolean(),
            };
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException("not a container's state", exception);
        }
    }
}
