using System.Text.RegularExpressions;
using Hafen.Api;

namespace Hafen.Daemon.Http.Routing;

/// <summary>A request's path, taken apart.</summary>
/// <param name="Version">The version asked for; <see cref="ApiVersion.Newest"/> when none was named.</param>
/// <param name="Segments">Decoded segments behind the version.</param>
public readonly partial record struct RequestPath(ApiVersion Version, string[] Segments)
{
    /// <summary>Takes a path such as <c>/v1.43/containers/json</c> apart. A slash at the end makes an empty last segment.</summary>
    public static RequestPath Parse(string path)
    {
        // The server leaves encoded slashes as they are; image names may have them either way.
        string[] segments = path.TrimStart('/').Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Split('/');
        return segments.Length > 1 && TryParseVersion(segments[0], out var version)
            ? new RequestPath(version, segments[1..])
            : new RequestPath(ApiVersion.Newest, segments);
    }

    /// <summary>
    /// The request's target with each run of slashes made one, null when it is so already. Docker sends clients there, some of which put a name with
    /// its leading slash into the path.
    /// </summary>
    public static string? Clean(string target)
    {
        int query = target.IndexOf('?', StringComparison.Ordinal);
        string path = query < 0 ? target : target[..query];
        // Requests through a proxy name the host, too: that is not part of the path.
        return path.StartsWith('/') && path.Contains("//", StringComparison.Ordinal) ? Slashes().Replace(path, "/") + target[path.Length..] : null;
    }

    private static bool TryParseVersion(string segment, out ApiVersion version)
    {
        version = default;
        if (segment.Length < 2 || segment[0] != 'v' || !char.IsAsciiDigit(segment[1]))
            return false;
        string text = segment[1..];
        return ApiVersion.TryParse(text.Contains('.') ? text : text + ".0", out version);
    }

    [GeneratedRegex("//+")]
    private static partial Regex Slashes();
}
