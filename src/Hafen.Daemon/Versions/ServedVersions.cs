using Hafen.Api;
using Hafen.Engine;

namespace Hafen.Daemon.Versions;

/// <summary>Which versions of the API are served.</summary>
internal static class ServedVersions
{
    /// <summary>Older than all that are served.</summary>
    public static bool IsTooOld(ApiVersion version) => version < ApiVersion.Oldest;

    /// <exception cref="EngineException">The version is not served.</exception>
    public static void Require(ApiVersion version)
    {
        if (IsTooOld(version))
        {
            throw EngineException.InvalidParameter(
                $"client version {version} is too old. Minimum supported API version is {ApiVersion.Oldest}, please upgrade your client to a newer version");
        }
        if (version > ApiVersion.Newest)
            throw EngineException.InvalidParameter($"client version {version} is too new. Maximum supported API version is {ApiVersion.Newest}");
    }
}
