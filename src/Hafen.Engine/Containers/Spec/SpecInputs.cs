using Hafen.Engine.Containers.Create;
using Hafen.Engine.State;
using Hafen.Oci.Runtime;

namespace Hafen.Engine.Containers.Spec;

/// <summary>Everything that decides a container's <c>config.json</c>; gathered by the start, judged by <see cref="BuildRuntimeSpec"/>.</summary>
internal sealed record SpecInputs
{
    public required ContainerRecord Record { get; init; }
    public required ContainerUser User { get; init; }
    public required NetworkChoice Network { get; init; }
    public required SecurityOptions Security { get; init; }
    public required string[] Capabilities { get; init; }
    public required IReadOnlyList<HostDevice> Devices { get; init; }
    public required SpecResources Limits { get; init; }
    public required HostFacts Host { get; init; }
    public required EngineOptions Options { get; init; }

    /// <summary>Pid of the container whose namespace of a kind is shared: <c>network</c>, <c>pid</c>, <c>ipc</c>.</summary>
    public IReadOnlyDictionary<string, int> SharedPids { get; init; } = new Dictionary<string, int>();

    /// <summary>The network namespace of its own that it joins; null when there is none, or when another container's or the host's is meant.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>Host name inside; that of the other container when its network is shared.</summary>
    public required string Hostname { get; init; }
    public string? Domainname { get; init; }

    /// <summary>Host paths of the network files, null for those that are not mounted.</summary>
    public string? HostsPath { get; init; }
    public string? HostnamePath { get; init; }
    public string? ResolvConfPath { get; init; }

    /// <summary>The folder behind <c>/dev/shm</c> when it is shared; null when the container has one of its own.</summary>
    public string? SharedMemoryPath { get; init; }

    /// <summary>Mount point of each volume, by its name.</summary>
    public IReadOnlyDictionary<string, string> VolumePaths { get; init; } = new Dictionary<string, string>();
}
