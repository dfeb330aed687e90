using Hafen.Oci;

namespace Hafen.Content.Leases;

/// <summary>A lease, however many handles there are on it.</summary>
/// <param name="name">Null for one of this process alone.</param>
internal sealed class LeaseState(string? name)
{
    public string? Name { get; } = name;

    public HashSet<Digest> Held { get; } = [];

    /// <summary>How many have it open.</summary>
    public int Handles { get; set; }

    /// <summary>It goes with the last handle.</summary>
    public bool Ended { get; set; }
}
