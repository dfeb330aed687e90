using Hafen.Api;

namespace Hafen.Daemon.Versions;

/// <summary>What containers look like to older clients.</summary>
internal static class ContainerAnswers
{
    public static ContainerSummary[] For(ApiVersion version, ContainerSummary[] containers)
        => version >= new ApiVersion(1, 46)
            ? containers
            : Array.ConvertAll(containers, container => container.HostConfig.Annotations is null
                ? container
                : container with { HostConfig = container.HostConfig with { Annotations = null } });
}
