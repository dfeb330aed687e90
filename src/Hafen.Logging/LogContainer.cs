namespace Hafen.Logging;

/// <summary>What a driver may say of a container with each line. Before the container is made, what it does not have yet is empty.</summary>
public sealed record LogContainer
{
    public string Id { get; init; } = "";

    /// <summary>Without a slash before it.</summary>
    public string Name { get; init; } = "";

    /// <summary>With its algorithm, <c>sha256:…</c>.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>As the client wrote it.</summary>
    public string ImageName { get; init; } = "";

    public string DaemonName { get; init; } = "";

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Each <c>NAME=value</c>.</summary>
    public IReadOnlyList<string>? Environment { get; init; }
}
