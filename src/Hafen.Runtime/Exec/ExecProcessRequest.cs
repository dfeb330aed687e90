using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Exec;

/// <summary>A further process for a running container.</summary>
public sealed record ExecProcessRequest
{
    /// <summary>The container's ID, for its default cgroup and its session keyring; empty when the specification names the cgroup and no keyring is wanted.</summary>
    public string ContainerId { get; init; } = "";

    /// <summary>The container's cgroup, when it is not the one its specification names; null otherwise.</summary>
    public string? CgroupsPath { get; init; }

    /// <summary>Do not join the container's session keyring.</summary>
    public bool NoNewKeyring { get; init; }

    /// <summary>Pid of the container's init.</summary>
    public required int ContainerPid { get; init; }

    /// <summary>A pidfd of init if the caller has one, so that no other process can be meant; else -1.</summary>
    public int ContainerPidDescriptor { get; init; } = -1;

    /// <summary>The container's own specification: its namespaces and seccomp profile apply.</summary>
    public required RuntimeSpec Spec { get; init; }

    public required SpecProcess Process { get; init; }

    /// <summary>The process's stdin: a descriptor of the caller, who keeps it; -1 means /dev/null. Ignored with a terminal, as the other two.</summary>
    public int Stdin { get; init; } = -1;

    public int Stdout { get; init; } = -1;

    public int Stderr { get; init; } = -1;

    /// <summary>File with a compiled seccomp program that replaces <c>linux.seccomp</c>, or null.</summary>
    public string? SeccompProgram { get; init; }

    /// <summary>Number of descriptors from 3 on that the process inherits (<c>--preserve-fds</c>).</summary>
    public int PreserveDescriptors { get; init; }
}
