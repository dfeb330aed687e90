using System.Text.Json;

namespace Hafen.Runtime.Cli;

/// <summary>A container's state as <c>state</c> and <c>list</c> print it.</summary>
internal sealed record ContainerState
{
    public required string OciVersion { get; init; }
    public required string Id { get; init; }

    /// <summary>0 for a container that has stopped.</summary>
    public required int Pid { get; init; }
    public required string Status { get; init; }
    public required string Bundle { get; init; }
    public string? Rootfs { get; init; }
    public required DateTime Created { get; init; }
    public Dictionary<string, string>? Annotations { get; init; }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("ociVersion", OciVersion);
        json.WriteString("id", Id);
        json.WriteNumber("pid", Pid);
        json.WriteString("status", Status);
        json.WriteString("bundle", Bundle);
        if (Rootfs is not null)
            json.WriteString("rootfs", Rootfs);
        json.WriteString("created", Created);
        if (Annotations is { Count: > 0 })
        {
            json.WriteStartObject("annotations");
            foreach (var (name, value) in Annotations)
                json.WriteString(name, value);
            json.WriteEndObject();
        }

        // runc names the user who made the container; only root makes containers here.
        json.WriteString("owner", "root");
        json.WriteEndObject();
    }
}
