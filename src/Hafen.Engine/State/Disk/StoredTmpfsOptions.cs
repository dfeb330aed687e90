namespace Hafen.Engine.State.Disk;

/// <summary>Options of a tmpfs; its size in bytes, its mode in permission bits.</summary>
internal sealed record StoredTmpfsOptions
{
    public long SizeBytes { get; init; }
    public uint Mode { get; init; }
    public string[][]? Options { get; init; }
}
