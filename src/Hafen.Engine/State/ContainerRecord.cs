using Hafen.Api;

namespace Hafen.Engine.State;

/// <summary>
/// What a container is. Written durably, as a <see cref="Disk.StoredContainer"/>; changes only by rename, update and network requests. What a request says of it is kept in
/// the request's own words.
/// </summary>
public sealed record ContainerRecord
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Without a slash.</summary>
    public required string Name { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>The image's ID, <c>sha256:…</c>; empty for a container without an image.</summary>
    public required string ImageId { get; init; }

    /// <summary>Chain ID of the image's topmost layer, or null.</summary>
    public string? TopLayer { get; init; }

    /// <summary>The request merged with the image's defaults.</summary>
    public required ContainerConfig Config { get; init; }

    public required HostConfig HostConfig { get; init; }

    /// <summary>The networks asked for, by name; the first is the one that gives the default route.</summary>
    public required ContainerNetwork[] Networks { get; init; }

    public required ContainerMount[] Mounts { get; init; }
}

/// <summary>A network a container is to be in.</summary>
public sealed record ContainerNetwork
{
    public required string Name { get; init; }
    public required EndpointSettings Settings { get; init; }
}

/// <summary>A mount of a container besides those every container has.</summary>
public sealed record ContainerMount
{
    /// <summary><c>bind</c>, <c>volume</c> or <c>tmpfs</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Name of the volume.</summary>
    public string? Name { get; init; }

    /// <summary>Path on the host; for a volume the folder of its content.</summary>
    public string? Source { get; init; }

    public required string Destination { get; init; }
    public string? Driver { get; init; }

    /// <summary>The mode of <c>-v</c> as given, such as <c>ro,z</c>.</summary>
    public string? Mode { get; init; }

    public required bool Writable { get; init; }
    public string? Propagation { get; init; }

    /// <summary>The engine has chosen the propagation: where the source's mount has none to follow, it is private after all.</summary>
    public bool FollowsHost { get; init; }

    /// <summary>A volume nobody named: it goes with the container when asked.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Mount only the source itself, not what is mounted below it.</summary>
    public bool NonRecursive { get; init; }

    /// <summary>Read-only for the source itself only.</summary>
    public bool ReadOnlyNonRecursive { get; init; }

    /// <summary>Fail when the kernel cannot make the whole tree read-only.</summary>
    public bool ReadOnlyForceRecursive { get; init; }

    /// <summary>Make a bind's source when it is missing.</summary>
    public bool CreateSource { get; init; }

    /// <summary>Path inside the volume.</summary>
    public string? Subpath { get; init; }

    /// <summary>Options of a tmpfs, comma separated.</summary>
    public string? TmpfsOptions { get; init; }

    /// <summary>Came with <c>--mount</c>: inspect shows the request, not <see cref="Mode"/>.</summary>
    public bool FromMounts { get; init; }
}
