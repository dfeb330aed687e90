namespace Hafen.Logging;

/// <summary>Where a container's own files are.</summary>
/// <param name="Folder">The container's folder below the daemon's data root.</param>
/// <param name="ContainerId">64 hexadecimal digits.</param>
public readonly record struct LogPlace(string Folder, string ContainerId);
