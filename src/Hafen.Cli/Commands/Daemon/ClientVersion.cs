using System.Runtime.InteropServices;
using System.Text.Json;
using Hafen.Api;
using Hafen.Client.Http;

namespace Hafen.Cli.Commands.Daemon;

/// <summary>What <c>hafen version</c> says about the client.</summary>
internal static class ClientVersion
{
    public static string Architecture => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };

    public static string Framework => $".NET {Environment.Version}";

    /// <summary>As the member <c>Client</c>.</summary>
    public static void Write(Utf8JsonWriter writer, ApiVersion used, string context)
    {
        writer.WriteStartObject("Client");
        writer.WriteString("Version", BuildVersion.Version);
        writer.WriteString("ApiVersion", used.ToString());
        writer.WriteString("DefaultAPIVersion", ApiVersion.Newest.ToString());
        writer.WriteString("GitCommit", BuildVersion.Commit);
        writer.WriteString("GoVersion", Framework);
        writer.WriteString("Os", "linux");
        writer.WriteString("Arch", Architecture);
        writer.WriteString("Context", context);
        writer.WriteEndObject();
    }
}
