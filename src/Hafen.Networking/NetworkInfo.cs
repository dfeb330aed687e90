namespace Hafen.Networking;

/// <summary>A network as the Engine API shows it.</summary>
public sealed record NetworkInfo
{
    public const string DefaultName = "default";

    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Driver { get; init; }
    public required DateTimeOffset Created { get; init; }
    public string Scope { get; init; } = "local";
    public NetworkReach Reach { get; init; }

    /// <summary>Made by the engine, not by a user: it takes no wishes for addresses or aliases.</summary>
    public bool Predefined { get; init; }

    /// <summary>Taken when nothing is said.</summary>
    public bool IsDefault { get; init; }
    public string? Subnet { get; init; }
    public string? Gateway { get; init; }
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
