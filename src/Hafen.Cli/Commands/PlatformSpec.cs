using System.Runtime.InteropServices;
using System.Text.Json;
using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Commands;

/// <summary><c>--platform os[/arch[/variant]]</c> or <c>--platform arch</c>, in containerd's notation.</summary>
internal sealed record PlatformSpec(string Os, string Architecture, string Variant)
{
    private static readonly IReadOnlySet<string> s_systems =
        new HashSet<string> { "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd", "openbsd", "plan9", "solaris", "windows", "zos" };

    private static readonly IReadOnlySet<string> s_architectures =
        new HashSet<string> { "386", "amd64", "arm", "arm64", "loong64", "mips", "mipsle", "mips64", "mips64le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64", "wasm" };

    /// <exception cref="FormatException">Not a platform.</exception>
    public static PlatformSpec Parse(string text)
    {
        string[] parts = text.ToLowerInvariant().Split('/');
        if (parts.Length > 3)
            throw new FormatException($"\"{text}\": cannot parse platform specifier: invalid argument");
        foreach (string part in parts)
        {
            if (part.Length == 0 || !part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-'))
                throw new FormatException($"\"{part}\" is an invalid component of \"{text}\": platform specifier component must match \"^[A-Za-z0-9_.-]+$\": invalid argument");
        }
        if (parts.Length > 1)
            return Normal(parts[0], parts[1], parts.ElementAtOrDefault(2) ?? "");
        if (s_systems.Contains(parts[0]))
            return Normal(parts[0], HostArchitecture, "");
        var lone = Normal("linux", parts[0], "");
        return s_architectures.Contains(lone.Architecture) ? lone : throw new FormatException($"\"{text}\": unknown operating system or architecture: invalid argument");
    }

    /// <summary><c>os/arch[/variant]</c>.</summary>
    public override string ToString() => Variant.Length == 0 ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";

    /// <summary>As the image routes take it: a platform of the OCI image-spec.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("architecture", Architecture);
            writer.WriteString("os", Os);
            if (Variant.Length > 0)
                writer.WriteString("variant", Variant);
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>The value of an image command's <c>--platform</c> for the daemon; null when it was not given.</summary>
    /// <exception cref="CommandException">Not a platform.</exception>
    public static string? ForImages(ValueFlag<string> flag, string complaint = "")
    {
        if (flag.Value.Length == 0)
            return null;
        try
        {
            return Parse(flag.Value).ToJson();
        }
        catch (FormatException exception)
        {
            throw new CommandException(complaint + exception.Message);
        }
    }

    private static string HostArchitecture => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    /// <summary>Other names of architectures become the usual ones.</summary>
    private static PlatformSpec Normal(string os, string architecture, string variant) => (architecture, variant) switch
    {
        ("x86_64" or "x86-64", _) => new(os, "amd64", variant),
        ("i386", _) => new(os, "386", ""),
        ("aarch64" or "arm64", "" or "8" or "v8") => new(os, "arm64", ""),
        ("aarch64", _) => new(os, "arm64", variant),
        ("armhf", _) => new(os, "arm", "v7"),
        ("armel", _) => new(os, "arm", "v6"),
        ("arm", "" or "7") => new(os, "arm", "v7"),
        ("arm", "5" or "6" or "8") => new(os, "arm", "v" + variant),
        _ => new(os, architecture, variant),
    };
}
