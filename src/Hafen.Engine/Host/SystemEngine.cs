using Hafen.Engine.Containers;
using Hafen.Engine.Events;
using Hafen.Engine.Images;
using Hafen.Volumes;

namespace Hafen.Engine.Host;

/// <summary>The use cases that concern the host and the daemon as a whole; each is an extension method in a file of its own.</summary>
public sealed class SystemEngine(
    CountContainers count,
    ContainerUses uses,
    CurrentOptions engine,
    HostWarnings warnings,
    HostFacts host,
    IVolumes volumes,
    EventStream events,
    ImageEngine images,
    SystemOptions options)
{
    private SystemFacts? _facts;

    internal CountContainers Count => count;

    internal ContainerUses Uses => uses;

    internal EngineOptions Engine => engine.Value;

    internal HostWarnings Warnings => warnings;

    internal IVolumes Volumes => volumes;

    internal EventStream Events => events;

    internal ImageEngine Images => images;

    /// <summary>Replaced as a whole when the configuration is read again.</summary>
    public SystemOptions Options { get; set; } = options;

    internal SystemFacts Facts => _facts ??= SystemFacts.Read(Options.Root);

    internal HostFacts Host => host;
}
