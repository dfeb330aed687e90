using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hafen.Oci.Images;

/// <summary>
/// JSON context of the image specification. It reads what we act on and writes what we originate; stored documents keep their bytes,
/// for a digest is over those.
/// </summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImageConfig))]
[JsonSerializable(typeof(ImageManifest))]
[JsonSerializable(typeof(ImageIndex))]
[JsonSerializable(typeof(OciLayout))]
[JsonSerializable(typeof(DockerArchiveEntry[]))]
[JsonSerializable(typeof(DockerV1Image))]
[JsonSerializable(typeof(Dictionary<string, Dictionary<string, string>>))]
public sealed partial class ImageJson : JsonSerializerContext
{
    /// <summary>The context to use: it reads as Go does, and characters outside ASCII stay as they are, as Go writes them.</summary>
    public static ImageJson Plain { get; } = new(MakeOptions());

    private static JsonSerializerOptions MakeOptions()
    {
        JsonSerializerOptions options = new()
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        };
        GoJson.Apply(options);
        return options;
    }
}
