using Hafen.Api;

namespace Hafen.Daemon.Versions;

/// <summary>What <c>/info</c> looks like to older clients.</summary>
internal static class SystemAnswers
{
    public static SystemInfo For(ApiVersion version, SystemInfo info)
    {
        if (version < new ApiVersion(1, 49)) info = info with { FirewallBackend = null };
        // Names without "name=" before 1.25.
        if (version < new ApiVersion(1, 25))
            info = info with { SecurityOptions = [.. (info.SecurityOptions ?? []).Select(option => option.Split(',')[0].Replace("name=", "", StringComparison.Ordinal))] };
        return info;
    }
}
