using System.Runtime.InteropServices;

namespace Hafen.Engine.Images;

/// <summary>A platform as image-spec names it.</summary>
public sealed record ImagePlatform(string Os, string Architecture, string? Variant)
{
    /// <summary>This host's.</summary>
    public static ImagePlatform Host { get; } = new("linux", HostArchitecture(), Variant: null);

    /// <summary>Parses <c>os/architecture[/variant]</c> or <c>os</c>; null or empty means this host's.</summary>
    /// <exception cref="EngineException">Malformed, or not for Linux.</exception>
    public static ImagePlatform Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Host;
        string[] parts = text.ToLowerInvariant().Split('/');
        if (parts.Length > 3 || parts.Any(part => part.Length == 0))
            throw EngineException.InvalidParameter($"\"{text}\": unable to parse platform specifier: invalid argument");
        if (parts[0] != "linux") throw EngineException.InvalidParameter($"operating system is not supported: {parts[0]}");
        return new ImagePlatform(parts[0], parts.Length > 1 ? Normal(parts[1]) : Host.Architecture, parts.Length > 2 ? parts[2] : null);
    }

    private static string Normal(string architecture) => architecture switch
    {
        "x86_64" or "x86-64" => "amd64",
        "aarch64" => "arm64",
        _ => architecture,
    };

    private static string HostArchitecture() => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };
}
