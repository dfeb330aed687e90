using Hafen.Api;
using Hafen.Engine;
using Hafen.Engine.Containers;
using Hafen.Engine.Containers.Create;
using static Hafen.Daemon.Versions.VersionRule;

namespace Hafen.Daemon.Versions;

/// <summary>What clients could not mean, or meant otherwise, when they spoke an older version. Every JSON body that is read passes this table.</summary>
internal static class RequestRules
{
    public static VersionTable Table { get; } = new(
    [
        Host(25, host => host with { AutoRemove = false }),
        Host(40, host => host with
        {
            KernelMemoryTCP = 0,
            IpcMode = Or(host.IpcMode, NamespaceMode.Shareable),
            Mounts = Binds(host.Mounts, static bind => bind with { NonRecursive = false }),
        }),
        Host(41, host => host with { CgroupnsMode = Or(host.CgroupnsMode, NamespaceMode.Host) }),
        Before<CreateContainerRequest>(42, create => create.Body.HostConfig is { KernelMemory: > 0 }
            ? Warned(create, "Your kernel does not support kernel memory limit capabilities or the cgroup is not mounted. Limitation discarded.")
            : create),
        Host(42, host => host with { ConsoleSize = null, Mounts = Binds(host.Mounts, static bind => bind with { CreateMountpoint = false }) }),
        Host(43, host => host with { Annotations = null }),
        Before<CreateContainerRequest>(44, create => create with
        {
            ReadOnlyBindsAreRecursive = false,
            MacAddressIsTheContainers = true,
            Body = create.Body.Healthcheck is { } health ? create.Body with { Healthcheck = health with { StartInterval = 0 } } : create.Body,
        }),
        Refused(44, create => Mounts(create).Any(mount => mount.BindOptions?.ReadOnlyForceRecursive == true)
            ? "BindOptions.ReadOnlyForceRecursive needs API v1.44 or newer"
            : null),
        Refused(44, create => create.Body.NetworkingConfig?.EndpointsConfig is { Count: > 1 } many
            ? $"Container cannot be created with multiple network endpoints: {string.Join(", ", many.Keys)}"
            : null),
        Refused(45, create => Mounts(create).Any(mount => mount.VolumeOptions?.Subpath is { Length: > 0 })
            ? "VolumeOptions.Subpath needs API v1.45 or newer"
            : null),
        Refused(48, create => Mounts(create).Any(mount => mount.Type == "image") ? "Mount type \"Image\" needs API v1.48 or newer" : null),
        Since<CreateContainerRequest>(48, create =>
            !string.IsNullOrEmpty(create.Body.HostConfig?.VolumeDriver)
            && Mounts(create).Any(mount => mount.Type == "volume" && string.IsNullOrEmpty(mount.VolumeOptions?.DriverConfig?.Name))
                ? Warned(create, "WARNING: the container-wide volume-driver configuration is ignored for volumes specified via 'mount'. Use '--mount type=volume,volume-driver=...' instead")
                : create),

        Before<ContainerUpdateRequest>(40, update => update with { PidsLimit = null }),
        Since<ContainerUpdateRequest>(42, update => update with { KernelMemory = 0 }),

        Before<ExecCreateRequest>(42, exec => exec with { ConsoleSize = null }),
        Before<ExecStartRequest>(42, exec => exec with { ConsoleSize = null }),
    ]);

    private static VersionRule Host(int before, Func<HostConfig, HostConfig> change)
        => Before<CreateContainerRequest>(before, create => create with { Body = create.Body with { HostConfig = change(create.Body.HostConfig ?? new HostConfig()) } });

    private static VersionRule Refused(int before, Func<CreateContainerRequest, string?> why)
        => Before<CreateContainerRequest>(before, create => why(create) is { } reason ? throw EngineException.InvalidParameter(reason) : create);

    private static CreateContainerRequest Warned(CreateContainerRequest create, string warning) => create with { Warnings = [.. create.Warnings, warning] };

    private static MountRequest[] Mounts(CreateContainerRequest create) => create.Body.HostConfig?.Mounts ?? [];

    private static MountRequest[]? Binds(MountRequest[]? mounts, Func<BindOptions, BindOptions> change)
        => mounts is null ? null : [.. mounts.Select(mount => mount.BindOptions is { } bind ? mount with { BindOptions = change(bind) } : mount)];

    private static string Or(string? value, string other) => string.IsNullOrEmpty(value) ? other : value;
}
