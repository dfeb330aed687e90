using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Session;

/// <summary>
/// Docker's contexts: named daemons in <c>contexts/meta/SHA256(name)/meta.json</c> of the configuration folder, with TLS files beside them.
/// Docker's CLI writes them (<c>docker context create</c>); here they are read.
/// </summary>
internal static class ContextStore
{
    /// <summary>The address of a context's daemon.</summary>
    /// <exception cref="CommandException">No such context, or one that this version cannot use.</exception>
    public static string HostOf(string configFolder, string name)
    {
        string id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        string path = Path.Combine(configFolder, "contexts", "meta", id, "meta.json");
        if (Read(path, name) is not { } host)
            throw Failure(name, "no endpoint of a daemon in it");
        if (Directory.Exists(Path.Combine(configFolder, "contexts", "tls", id, "docker")))
            throw new CommandException($"hafen: context \"{name}\" uses TLS, which is not available in this version");
        return host;
    }

    private static string? Read(string path, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.TryGetProperty("Endpoints", out var endpoints) && endpoints.TryGetProperty("docker", out var endpoint)
                && endpoint.TryGetProperty("Host", out var host) ? host.GetString() : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Failure(name, $"context not found: open {path}: {FileFailure.Reason(exception, path)}");
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            throw Failure(name, $"open {path}: {FileFailure.Reason(exception, path)}");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Failure(name, $"{path} is broken");
        }
    }

    private static CommandException Failure(string name, string what)
        => new($"Failed to initialize: unable to resolve hafen endpoint: context \"{name}\": {what}");
}
