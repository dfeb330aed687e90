namespace Hafen.Runtime.Cli;

/// <summary>What this runtime does (runtime-spec, features.md).</summary>
internal sealed record RuntimeFeatures
{
    public required string OciVersionMin { get; init; }
    public required string OciVersionMax { get; init; }
    public required string[] Hooks { get; init; }
    public required string[] MountOptions { get; init; }
    public required LinuxFeatures Linux { get; init; }
}

internal sealed record LinuxFeatures
{
    public required string[] Namespaces { get; init; }
    public required string[] Capabilities { get; init; }
    public required CgroupFeatures Cgroup { get; init; }
    public required EnabledFeature Seccomp { get; init; }
    public required EnabledFeature Apparmor { get; init; }
    public required EnabledFeature Selinux { get; init; }
}

internal sealed record CgroupFeatures
{
    public required bool V1 { get; init; }
    public required bool V2 { get; init; }
    public required bool Systemd { get; init; }
    public required bool SystemdUser { get; init; }
}

internal sealed record EnabledFeature
{
    public required bool Enabled { get; init; }
}
