using Hafen.Daemon.Versions;

namespace Hafen.Daemon.Http.Routing;

/// <summary>A request's path, taken apart.</summary>
/// <param name="Version">The version asked for; <see cref="ApiVersion.Current"/> when none was named.</param>
/// <param name="Segments">Decoded segments behind the version.</param>
public readonly record struct RequestPath(ApiVersion Version, string[] Segments)
{
    /// <summary>Takes a path such as <c>/v1.43/containers/json</c> apart. Empty segments inside an image name stay; the router refuses them.</summary>
    public static RequestPath Parse(string path)
    {
        // The server leaves encoded slashes as they are; image names may have them either way.
        string[] segments = path.TrimStart('/').Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Split('/');
        bool versioned = segments.Length > 1 && segments[0].StartsWith('v') && ApiVersion.TryParse(segments[0].AsSpan(1), out _);
        if (!versioned) return new RequestPath(ApiVersion.Current, segments);
        ApiVersion.TryParse(segments[0].AsSpan(1), out var version);
        return new RequestPath(version, segments[1..]);
    }
}
