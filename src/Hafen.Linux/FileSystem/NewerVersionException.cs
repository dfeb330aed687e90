using Hafen.Errors;

namespace Hafen.Linux.FileSystem;

/// <summary>A file has a version that this release does not know. Whoever meets it leaves the file as it is, and says so.</summary>
/// <param name="path">The file.</param>
/// <param name="version">As the file says it.</param>
/// <param name="newest">The newest version that is known.</param>
public sealed class NewerVersionException(string path, string version, int newest)
    : HafenException(ErrorKind.NotImplemented, $"{path} has version {version} of its format, and this release knows none newer than {newest}: it is left alone");
