using Hafen.Api;

namespace Hafen.Daemon.Http;

/// <summary>Headers of every answer.</summary>
public static class ServerHeaders
{
    /// <summary>Version of this product.</summary>
    public const string ProductVersion = "0.1.0";

    public static IReadOnlyList<KeyValuePair<string, string>> All { get; } =
    [
        new("Server", $"Hafen/{ProductVersion} (linux)"),
        new("Api-Version", ApiVersion.Newest.ToString()),
        new("Docker-Experimental", "false"),
        new("Ostype", "linux"),
    ];
}
