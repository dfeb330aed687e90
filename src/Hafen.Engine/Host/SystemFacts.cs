namespace Hafen.Engine.Host;

/// <summary>What <c>info</c> tells of the host and of this installation and what stays so for as long as the daemon runs.</summary>
internal sealed record SystemFacts(string EngineId, OperatingSystemInfo OperatingSystem, string KernelRelease, string BackingFileSystem)
{
    /// <param name="root">The data folder.</param>
    public static SystemFacts Read(string root)
    {
        string format = new DriveInfo(root).DriveFormat;
        return new SystemFacts(
            Host.EngineId.Ensure(root),
            OperatingSystemInfo.Read(),
            DescribeVersion.KernelRelease(),
            format is "ext4" or "ext3" or "ext2" ? "extfs" : format);
    }
}
