using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Hafen.Errors;
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
        if (parts.Length > 3)
            throw EngineException.InvalidParameter($"\"{text}\": cannot parse platform specifier: invalid argument");
        foreach (string part in parts)
        {
            if (part.Length > 0 && !part.AsSpan().ContainsAnyExcept(s_characters))
                continue;
            throw EngineException.InvalidParameter(
                $"\"{part}\" is an invalid component of \"{text}\": platform specifier component must match \"^[A-Za-z0-9_.-]+$\": invalid argument");
        }
        if (parts.Length > 1)
            return new ImagePlatform(System(parts[0]), Normal(parts[1]), parts.Length > 2 ? parts[2] : null);
        if (s_systems.Contains(System(parts[0])))
            return new ImagePlatform(System(parts[0]), Host.Architecture, null);
        if (s_architectures.Contains(Normal(parts[0])))
            return new ImagePlatform("linux", Normal(parts[0]), null);
        throw EngineException.InvalidParameter($"\"{text}\": unknown operating system or architecture: invalid argument");
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
            if (os is not null && architecture is not null)
                return new ImagePlatform(os, Normal(architecture), Member(root, "variant"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new EngineException(ErrorKind.InvalidParameter, $"failed to parse platform: {exception.Message}", exception);
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
        if (!IsOf(image))
            throw EngineException.NotFound($"image with reference {reference} was found but does not provide the specified platform ({this})");
    }

    public override string ToString() => string.IsNullOrEmpty(Variant) ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";

    private static string? Member(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static readonly SearchValues<char> s_characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_.-");

    private static readonly FrozenSet<string> s_systems =
    [
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd", "openbsd", "plan9", "solaris", "windows", "zos",
    ];

    private static readonly FrozenSet<string> s_architectures =
    [
        "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips", "mipsle", "mips64", "mips64le", "mips64p32", "mips64p32le", "ppc", "ppc64",
        "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64", "wasm",
    ];

    private static string System(string system) => system == "macos" ? "darwin" : system;

    private static string Normal(string architecture) => architecture switch
    {
        "x86_64" or "x86-64" => "amd64",
        "aarch64" => "arm64",
        "i386" => "386",
        "armhf" or "armel" => "arm",
        _ => architecture,
    };
}
