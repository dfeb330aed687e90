namespace Hafen.Engine.State.Disk;

/// <summary>A mount as it was asked for, for <c>inspect</c>.</summary>
internal sealed record StoredMountRequest
{
    public string? Type { get; init; }
    public string? Source { get; init; }
    public string? Target { get; init; }
    public bool ReadOnly { get; init; }
    public string? Consistency { get; init; }
    public StoredBindOptions? BindOptions { get; init; }
    public StoredVolumeOptions? VolumeOptions { get; init; }
    public StoredImageOptions? ImageOptions { get; init; }
    public StoredTmpfsOptions? TmpfsOptions { get; init; }
}
