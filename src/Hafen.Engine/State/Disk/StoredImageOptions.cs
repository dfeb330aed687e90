namespace Hafen.Engine.State.Disk;

/// <summary>Options of an image that is mounted.</summary>
internal sealed record StoredImageOptions
{
    public string? Subpath { get; init; }
}
