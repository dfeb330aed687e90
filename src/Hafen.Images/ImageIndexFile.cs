using System.Text.Json;
using System.Text.Json.Serialization;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Trees;

namespace Hafen.Images;

/// <summary>
/// The file <c>images.json</c>: which images there are and what they are called. One file, replaced as a whole, so that images and names never disagree.
/// </summary>
internal sealed record ImageIndexFile
{
    public const string FileName = "images.json";
    public const int CurrentVersion = 1;

    /// <summary>Files of the first release have none.</summary>
    [JsonPropertyOrder(-1)] public int Version { get; } = CurrentVersion;

    /// <summary>By ID.</summary>
    public required Dictionary<string, Entry> Images { get; init; }

    /// <summary>Null when there is none.</summary>
    /// <exception cref="NewerVersionException">A newer release has written it.</exception>
    /// <exception cref="JsonException">It is broken.</exception>
    public static ImageIndexFile? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        return File.Exists(path) ? VersionedJson.Read(path, ImageIndexJson.Default.ImageIndexFile, CurrentVersion) : null;
    }

    public void Write(string folder)
        => AtomicFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, ImageIndexJson.Default.ImageIndexFile));

    internal sealed record Entry
    {
        /// <summary>References in normal form, with tag or digest.</summary>
        public string[]? References { get; init; }
        public DateTimeOffset? LastTagged { get; init; }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(ImageIndexFile))]
internal sealed partial class ImageIndexJson : JsonSerializerContext;
