using System.Text;
using System.Text.Json;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.Containers.Spec;
using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Linux.Capabilities;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Procfs;
using Hafen.Linux.Seccomp;
using Hafen.Linux.Trees;
using Hafen.Networking;
using Hafen.Oci.Runtime;
using Hafen.Snapshots;

namespace Hafen.Engine.Containers.Start;

/// <summary>Gathers what decides <c>config.json</c> and writes it.</summary>
internal sealed class PrepareBundle(
    ContainerStore containers,
    SharedNamespaces namespaces,
    ISnapshotter snapshots,
    INetworks networks,
    SeccompPrograms programs,
    ResolveUser users,
    HostFacts facts,
    CurrentOptions options)
{
    /// <summary>Writes the bundle and returns the path of the compiled seccomp program, or null.</summary>
    /// <exception cref="EngineException">User, device or profile are not usable.</exception>
    public string? Write(
        Container container, string? networkNamespace, IReadOnlyDictionary<string, int> sharedPids, IReadOnlyDictionary<string, string> volumePaths)
    {
        var current = options.Value;
        var record = container.Record;
        var host = record.HostConfig;
        var security = SecurityOptions.Parse(host.SecurityOpt, current.NoNewPrivileges);
        string[] capabilities = ContainerCapabilities.Tweak(host.CapAdd, host.CapDrop, host.Privileged, facts.Capabilities);
        var owner = namespaces.NetworkOwner(host) ?? container;
        var inputs = new SpecInputs
        {
            Record = record with { Mounts = WithPossiblePropagation(record.Mounts) },
            User = User(container),
            Network = NetworkChoice.Of(host, record.Config, networks),
            Security = security,
            Capabilities = capabilities,
            Devices = HostDevices.Of(host),
            Limits = BuildResources.Limits(host, HostDevices.Numbers),
            Host = facts,
            Options = current,
            NetworkNamespace = networkNamespace,
            SharedPids = sharedPids,
            Hostname = owner.Record.Config.Hostname ?? "",
            Domainname = owner.Record.Config.Domainname,
            HostsPath = Path.Combine(owner.Folder, NetworkSetup.HostsFileName),
            HostnamePath = Path.Combine(owner.Folder, NetworkSetup.HostnameFileName),
            ResolvConfPath = Path.Combine(owner.Folder, NetworkSetup.ResolvConfFileName),
            SharedMemoryPath = SharedMemoryPath(container),
            VolumePaths = volumePaths,
        };
        var spec = BuildRuntimeSpec.Build(inputs);
        using (var file = new FileStream(Path.Combine(container.Folder, "config.json"), new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            JsonSerializer.Serialize(file, spec, RuntimeSpecJson.Default.RuntimeSpec);
        }
        return host.Privileged ? null : Seccomp(security, capabilities);
    }

    /// <summary>Makes sources of <c>-v</c> that are missing, as Docker does; those of <c>--mount</c> must be there unless it says otherwise.</summary>
    public static void CheckBindSources(IEnumerable<ContainerMount> mounts)
    {
        foreach (var mount in mounts)
        {
            if (mount.Type != "bind" || Path.Exists(mount.Source))
                continue;
            if (mount is { FromMounts: true, CreateSource: false })
                throw EngineException.InvalidParameter($"invalid mount config for type \"bind\": bind source path does not exist: {mount.Source}");
            try
            {
                Directory.CreateDirectory(mount.Source!);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new EngineException(ErrorKind.System, $"error while creating mount source path '{mount.Source}': {exception.Message}", exception);
            }
        }
    }

    /// <summary>Refuses binds that ask for a propagation their source's mount does not have.</summary>
    public static void CheckPropagation(IEnumerable<ContainerMount> mounts)
    {
        foreach (var mount in mounts)
        {
            if (mount.Type != "bind" || mount.FollowsHost || !SourcePropagation.Matters(mount.Propagation))
                continue;
            if (Refusal(mount) is { } refusal)
                throw new EngineException(ErrorKind.System, refusal);
        }
    }

    /// <summary>Where nobody asked for the propagation and the source's mount has none, the default will do.</summary>
    private static ContainerMount[] WithPossiblePropagation(ContainerMount[] mounts)
        => !Array.Exists(mounts, static mount => mount.FollowsHost) ? mounts
            : [.. mounts.Select(static mount => mount.FollowsHost && Refusal(mount) is not null ? mount with { Propagation = MountMode.DefaultPropagation } : mount)];

    private static string? Refusal(ContainerMount mount)
    {
        using var source = Files.Open(mount.Source!, OpenFlags.O_PATH);
        string path = TreeCalls.PathOf(source.Number) ?? mount.Source!;
        return SourcePropagation.Refusal(path, mount.Propagation, MountInfo.ReadSelf());
    }

    private string? SharedMemoryPath(Container container)
    {
        string? mode = container.Record.HostConfig.IpcMode;
        if (mode == NamespaceMode.Host)
            return "/dev/shm";
        if (mode == NamespaceMode.Shareable)
            return SharedMemory.PathOf(container);
        if (NamespaceMode.ContainerOf(mode) is not { } reference)
            return null;
        var donor = containers.Get(reference);
        return donor.Record.HostConfig.IpcMode == NamespaceMode.Host ? "/dev/shm" : SharedMemory.PathOf(donor);
    }

    private ContainerUser User(Container container)
    {
        try
        {
            return users.Find(container.Record, pristine: !container.State.HasRun,
                () => SnapshotFolders.Of(snapshots.Describe(container.Id)));
        }
        catch (UserLookupException exception)
        {
            throw new EngineException(ErrorKind.System, exception.Message, exception);
        }
    }

    private string? Seccomp(SecurityOptions security, string[] capabilities)
    {
        if (security.Seccomp == SecurityOptions.Unconfined)
            return null;
        try
        {
            var profile = security.Seccomp is null ? SeccompProfile.Default : SeccompProfile.Parse(Encoding.UTF8.GetBytes(security.Seccomp));
            var rules = profile.Resolve(capabilities, SeccompProfile.NativeArchitecture, facts.Kernel);
            return rules is null ? null : programs.Get(rules);
        }
        catch (SeccompException exception)
        {
            throw new EngineException(ErrorKind.InvalidParameter, exception.Message, exception);
        }
    }
}
