using System.Text.Json;
using System.Text.Json.Nodes;
using Hafen.Api;
using Hafen.Daemon.Http;

namespace Hafen.Daemon.Versions;

/// <summary>What <c>/info</c> looks like to older clients.</summary>
internal static class SystemAnswers
{
    private static readonly ApiVersion s_withoutBridgeFilters = new(1, 50);

    public static Task WriteAsync(ApiRequest request, SystemInfo info)
    {
        info = For(request.Version, info);
        if (request.Version >= s_withoutBridgeFilters) return request.WriteJsonAsync(info, ApiJson.Default.SystemInfo);
        var node = (JsonObject)JsonSerializer.SerializeToNode(info, ApiJson.Default.SystemInfo)!;
        node["BridgeNfIptables"] = false;
        node["BridgeNfIp6tables"] = false;
        if (request.Version < new ApiVersion(1, 49))
        {
            foreach (string program in (string[])["ContainerdCommit", "RuncCommit", "InitCommit"])
                if (node[program] is JsonObject commit) commit["Expected"] = commit["ID"]?.DeepClone();
        }
        if (request.Version < new ApiVersion(1, 47) && node["RegistryConfig"] is JsonObject registry)
        {
            registry["AllowNondistributableArtifactsCIDRs"] = null;
            registry["AllowNondistributableArtifactsHostnames"] = null;
        }
        return request.WriteNodeAsync(node);
    }

    internal static SystemInfo For(ApiVersion version, SystemInfo info)
    {
        if (version < new ApiVersion(1, 49)) info = info with { FirewallBackend = null };
        // Names without "name=" before 1.25.
        if (version < new ApiVersion(1, 25))
            info = info with { SecurityOptions = [.. (info.SecurityOptions ?? []).Select(option => option.Split(',')[0].Replace("name=", "", StringComparison.Ordinal))] };
        return info;
    }
}
