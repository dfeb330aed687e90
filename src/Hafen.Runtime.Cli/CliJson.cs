using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Cli;

/// <summary>A container's state as <c>state</c> and <c>list</c> print it.</summary>
internal sealed record ContainerState
{
    public required string OciVersion { get; init; }
    public required string Id { get; init; }
    public required int Pid { get; init; }
    public required string Status { get; init; }
    public required string Bundle { get; init; }
    public string? Rootfs { get; init; }
    public required DateTime Created { get; init; }
    public Dictionary<string, string>? Annotations { get; init; }
    public required string Owner { get; init; }
}

/// <summary>JSON that the command line prints.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContainerState))]
[JsonSerializable(typeof(ContainerState[]))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(RuntimeSpec))]
[JsonSerializable(typeof(RuntimeFeatures))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>For people: two spaces, no needless escapes.</summary>
    public static CliJson Indented { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
