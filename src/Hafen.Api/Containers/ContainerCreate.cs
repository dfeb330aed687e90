namespace Hafen.Api;

/// <summary>Body of <c>POST /containers/create</c>.</summary>
public sealed record ContainerCreateRequest : ContainerConfig
{
    public HostConfig? HostConfig { get; init; }
    public NetworkingConfig? NetworkingConfig { get; init; }
}

public sealed record ContainerCreateResponse
{
    public required string Id { get; init; }

    /// <summary>Always a list, possibly empty.</summary>
    public required string[] Warnings { get; init; }
}

/// <summary>Body of <c>POST /containers/{id}/update</c>.</summary>
public sealed record ContainerUpdateRequest : ContainerResources
{
    public RestartPolicy? RestartPolicy { get; init; }
}

public sealed record ContainerUpdateResponse
{
    public string[]? Warnings { get; init; }
}
