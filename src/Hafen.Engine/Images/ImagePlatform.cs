using System.Text.Json;
using Hafen.Images;
using Hafen.Oci.Images;

namespace Hafen.Engine.Images;

/// <summary>A platform as image-spec names it.</summary>
public sealed record ImagePlatform(string Os, string Architecture, string? Variant)
{
    /// <summary>This host's.</summary>
    public static ImagePlatform Host { get; } = new("linux", HostPlatform.Architecture, Variant: null);

    /// <summary>Parses <c>os/architecture[/variant]</c> or <c>os</c>; null or empty means this host's.</summary>
    /// <exception cref="EngineException">Malformed, or not for Linux.</exception>
    public static ImagePlatform Parse(string? text)
    {
        var platform = string.IsNullOrEmpty(text) ? Host : Read(text);
        return platform.Os == "linux" ? platform : throw EngineException.InvalidParameter($"operating system is not supported: {platform.Os}");
    }

    /// <summary>Parses <c>os/architecture[/variant]</c>, or one of the two, of any operating system.</summary>
    /// <exception cref="EngineException">Malformed.</exception>
    public static ImagePlatform Read(string text)
    {
        string[] parts = text.ToLowerInvariant().Split('/');
        if (parts.Length > 3 || parts.Any(part => part.Length == 0))
            throw EngineException.InvalidParameter($"\"{text}\": unable to parse platform specifier: invalid argument");
        if (parts.Length > 1) return new ImagePlatform(parts[0], Normal(parts[1]), parts.Length > 2 ? parts[2] : null);
        return s_systems.Contains(parts[0]) ? new ImagePlatform(parts[0], Host.Architecture, null) : new ImagePlatform("linux", Normal(parts[0]), null);
    }

    /// <summary>Parses the JSON form that routes of images take: <c>{"os":"linux","architecture":"arm64","variant":"v8"}</c>.</summary>
    /// <exception cref="EngineException">Malformed.</exception>
    public static ImagePlatform ReadJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            string? os = Member(root, "os"), architecture = Member(root, "architecture");
            if (os is not null && architecture is not null) return new ImagePlatform(os, Normal(architecture), Member(root, "variant"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new EngineException(EngineErrorKind.InvalidParameter, $"failed to parse platform: {e.Message}", e);
        }
        throw EngineException.InvalidParameter("both OS and Architecture must be provided");
    }

    /// <summary>Whether an image is for this platform. What an image does not say is this host's.</summary>
    public bool IsOf(ImageConfig image)
        => (string.IsNullOrEmpty(image.Os) ? Host.Os : image.Os) == Os
            && Normal(string.IsNullOrEmpty(image.Architecture) ? Host.Architecture : image.Architecture) == Architecture
            && (string.IsNullOrEmpty(Variant) || string.IsNullOrEmpty(image.Variant) || image.Variant == Variant);

    /// <summary>Requires an image to be for this platform.</summary>
    /// <exception cref="EngineException">It is for another.</exception>
    public void Require(string reference, ImageConfig image)
    {
        if (!IsOf(image)) throw EngineException.NotFound($"image with reference {reference} was found but does not provide the specified platform ({this})");
    }

    public override string ToString() => string.IsNullOrEmpty(Variant) ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";

    private static string? Member(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static readonly IReadOnlySet<string> s_systems = new HashSet<string> { "linux", "windows", "darwin", "freebsd" };

    private static string Normal(string architecture) => architecture switch
    {
        "x86_64" or "x86-64" => "amd64",
        "aarch64" => "arm64",
        _ => architecture,
    };
}
