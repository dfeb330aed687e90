namespace Hafen.Engine.Host;

/// <summary>The use cases that concern the host and the daemon as a whole; each is an extension method in a file of its own.</summary>
public sealed class SystemEngine(ContainerEngine containers, Images.ImageEngine images, SystemOptions options)
{
    internal ContainerEngine Containers => containers;

    internal Images.ImageEngine Images => images;

    public SystemOptions Options => options;

    /// <summary>What the operator should know, for <c>docker info</c>.</summary>
    public IReadOnlyList<string> Warnings { get; set; } = [];

    internal HostFacts Host => containers.Rooms.Host;
}
