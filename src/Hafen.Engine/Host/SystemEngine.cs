namespace Hafen.Engine.Host;

/// <summary>The use cases that concern the host and the daemon as a whole; each is an extension method in a file of its own.</summary>
public sealed class SystemEngine(ContainerEngine containers, Images.ImageEngine images, SystemOptions options)
{
    private SystemFacts? _facts;

    internal ContainerEngine Containers => containers;

    internal Images.ImageEngine Images => images;

    /// <summary>Replaced as a whole when the configuration is read again.</summary>
    public SystemOptions Options { get; set; } = options;

    internal SystemFacts Facts => _facts ??= SystemFacts.Read(Options.Root);

    internal HostFacts Host => containers.Rooms.Host;
}
