namespace Hafen.Runtime.Init;

/// <summary>
/// What the child of a clone can do. The operands stand in a <see cref="Step"/>; each line names those its code reads.
/// Paths "in the root" are resolved beneath the root descriptor, whatever links the image holds.
/// </summary>
internal enum StepCode
{
    /// <summary>Wait for the byte <c>Value</c> from the parent.</summary>
    Await,
    /// <summary>Send the message kind <c>Value</c>.</summary>
    Report,
    /// <summary>Move into the cgroup whose <c>tasks</c> file <c>Descriptor</c> is.</summary>
    JoinCgroup,
    /// <summary>setns to <c>Descriptor</c> with the flags <c>Value</c>.</summary>
    JoinNamespace,
    /// <summary>unshare the flags <c>Value</c>.</summary>
    Unshare,
    /// <summary>A new time namespace with the offsets <c>Data</c> (text for timens_offsets), entered at once.</summary>
    NewTime,
    /// <summary>Clone once more with the flags <c>Value</c>, as a child of the parent; this process ends and the new one goes on. The parent gets a pidfd of it. The flags <c>Other</c> are wanted, too, but not needed.</summary>
    Descend,
    /// <summary>Become user and group 0 of the user namespace.</summary>
    BecomeRoot,
    /// <summary>Lead a new session.</summary>
    NewSession,
    /// <summary>Join a session keyring named <c>Text</c>, making it.</summary>
    SessionKeyring,
    /// <summary>Set the interface <c>lo</c> up.</summary>
    LoopbackUp,
    /// <summary>Set the propagation of everything mounted to <c>Value</c> (MS_ flags).</summary>
    HostPropagation,
    /// <summary>Attach the detached mount <c>Descriptor</c> to the host path <c>Text</c>.</summary>
    AttachAtHost,
    /// <summary>Mount an overlay at the host path <c>Text</c>: parameters <c>Strings</c> (key, value, …), attributes <c>Value</c>, <c>Other</c> 1 for mount(2).</summary>
    OverlayAtHost,
    /// <summary>Mount a file system of type <c>Second</c> at the host path <c>Text</c>; the rest as in NewFileSystem.</summary>
    FileSystemAtHost,
    /// <summary>Take the directory <c>Text</c> as the root.</summary>
    OpenRoot,
    /// <summary>Attach the detached mount <c>Descriptor</c> at <c>Text</c> in the root, making the mount point; <c>Value</c> has <see cref="AttachRule"/>.</summary>
    Attach,
    /// <summary>
    /// Mount a file system of type <c>Second</c> at <c>Text</c> in the root: parameters <c>Strings</c>, mount attributes <c>Value</c>, propagation
    /// <c>Other</c>, rules <c>Number</c> (<see cref="FileSystemRule"/>); with <c>Descriptor</c> from that context, which must be a procfs's.
    /// </summary>
    NewFileSystem,
    /// <summary>Open a context for a file system of type <c>Text</c> and send it to the parent.</summary>
    OpenFileSystem,
    /// <summary>Make <c>Text</c> in the root read-only, the mount itself only.</summary>
    MakeReadonly,
    /// <summary>Make the device node <c>Text</c> in the root: mode with type <c>Value</c>, device <c>Other</c>, owner <c>Number</c> : <c>Descriptor</c>.</summary>
    MakeNode,
    /// <summary>Make the symbolic link <c>Text</c> in the root that leads to <c>Second</c>; <c>Value</c> 1 replaces what is there.</summary>
    MakeLink,
    /// <summary>Make the folder <c>Text</c> in the root with its parents.</summary>
    MakeFolder,
    /// <summary>Hide <c>Text</c> in the root, if it exists, behind /dev/null or an empty folder.</summary>
    Mask,
    /// <summary>Make everything below <c>Text</c> in the root read-only, if it exists.</summary>
    ReadonlyPath,
    /// <summary>Make a terminal from the root's devpts (<c>Number</c> 1: from the host's), size <c>Value</c> × <c>Other</c> characters, and send its master to the parent.</summary>
    Terminal,
    /// <summary>Bind the terminal to /dev/console in the root.</summary>
    Console,
    /// <summary>Run a hook: <c>Text</c> path, <c>Strings</c> argv, <c>Environment</c> envp, <c>Data</c> its input, <c>Value</c> milliseconds or -1.</summary>
    Hook,
    /// <summary>Make the root the root; <c>Value</c> 1 without pivot_root.</summary>
    Pivot,
    /// <summary>Set the propagation of / to <c>Value</c>.</summary>
    RootPropagation,
    /// <summary>Make / read-only.</summary>
    RootReadonly,
    /// <summary>sethostname <c>Text</c>.</summary>
    HostName,
    /// <summary>setdomainname <c>Text</c>.</summary>
    DomainName,
    /// <summary>Write <c>Data</c> to <c>Text</c> below the host's procfs.</summary>
    WriteProc,
    /// <summary>Make the descriptors 0, 1, 2 from <c>Value</c>, <c>Other</c>, <c>Number</c> (-1: /dev/null), or from the terminal.</summary>
    StandardStreams,
    /// <summary>Make the terminal, which the standard streams are by now, that of this session.</summary>
    ControllingTerminal,
    /// <summary>Give 0, 1, 2 to user <c>Value</c>.</summary>
    OwnStreams,
    /// <summary>setrlimit <c>Number</c> to soft <c>Value</c>, hard <c>Other</c>.</summary>
    ResourceLimit,
    /// <summary>Raise the hard and soft limit <c>Number</c> to <c>Other</c> where they are lower.</summary>
    LiftLimit,
    /// <summary>sched_setattr with <c>Data</c>.</summary>
    Scheduler,
    /// <summary>ioprio_set to <c>Value</c>.</summary>
    IoPriority,
    /// <summary>sched_setaffinity to the mask <c>Data</c>.</summary>
    Affinity,
    /// <summary>personality <c>Value</c>.</summary>
    Personality,
    /// <summary>Find the home folder of user <c>Value</c> in the root's /etc/passwd and write it into the environment's last line.</summary>
    HomeVariable,
    /// <summary>Raise no_new_privs.</summary>
    NoNewPrivileges,
    /// <summary>Install the seccomp filter <c>Data</c> (struct sock_filter array) with flags <c>Value</c>.</summary>
    Seccomp,
    /// <summary>Drop capabilities outside <c>Value</c> from the bounding set; <c>Number</c> is the last capability.</summary>
    BoundingSet,
    /// <summary>Become user <c>Value</c>, group <c>Other</c>, supplementary groups <c>Data</c> (uint array), keeping capabilities.</summary>
    User,
    /// <summary>Set the sets of <c>Data</c> (CapabilitySets).</summary>
    Capabilities,
    /// <summary>Change to the working directory <c>Text</c> and check that it lies inside the root; <c>Value</c> 1: leave a refused permission to the step's second coming.</summary>
    WorkingDirectory,
    /// <summary>Choose the executable among <c>Strings</c>; <c>Value</c> 1 when the command was given as a path.</summary>
    FindExecutable,
    /// <summary>umask <c>Value</c>.</summary>
    Umask,
    /// <summary>Close what the process shall not inherit: all descriptors from <c>Value</c> on but the channels to the parent, one of which may be the FIFO <c>Descriptor</c>.</summary>
    CloseDescriptors,
    /// <summary>Wait for the byte that <c>start</c> writes into the FIFO.</summary>
    AwaitFifo,
    /// <summary>Tell the parent that execve is next and give every signal its default disposition: the last calls a seccomp filter does not see.</summary>
    Announce,
    /// <summary>execve the executable chosen, argv <c>Strings</c>, envp <c>Environment</c>; <c>Text</c> is what to say on stderr when nobody listens any more.</summary>
    Execute,
}

/// <summary>Checks on a mount point.</summary>
[Flags]
internal enum AttachRule
{
    None = 0,
    /// <summary>The mount must be a procfs: it goes over /proc, which this runtime and others trust.</summary>
    MustBeProcfs = 1,
    /// <summary>The mount point may be in a procfs. Otherwise a link of the image must not lead there (CVE-2019-16884).</summary>
    MayLieInProcfs = 2,
}

/// <summary>What else a new file system wants.</summary>
[Flags]
internal enum FileSystemRule
{
    None = 0,
    /// <summary>The mount point must be a folder itself, not a link: the image must not choose where proc and sysfs go (CVE-2019-19921).</summary>
    NoLink = 1,
    /// <summary>Give the new root the mode of the folder it hides.</summary>
    KeepMode = 2,
    /// <summary>Copy what the mount point holds into the new file system.</summary>
    CopyUp = 4,
    /// <summary>As <see cref="AttachRule.MayLieInProcfs"/>.</summary>
    MayLieInProcfs = 8,
}
