using Hafen.Errors;
using Hafen.Linux.Cgroups;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;
using Hafen.Linux.Procfs;
using Hafen.Linux.Terminals;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Cli.Options;
using Hafen.Runtime.Create;
using Hafen.Runtime.Errors;
using Hafen.Runtime.State;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary>What <c>create</c> and <c>run</c> share: from a bundle to a container that waits for its start.</summary>
internal sealed class Launch : IDisposable
{
    public static string[] Flags => ["no-pivot", "no-new-keyring", "detach|d", "keep", "no-subreaper"];

    public static string[] Valued => ["bundle|b", "console-socket", "pid-file", "preserve-fds", "rootfs", "overlay"];

    private readonly StateFolder _states;

    private Launch(StateFolder states, StoredContainer stored, RuntimeSpec spec, CreatedContainer container)
    {
        _states = states;
        Stored = stored;
        Spec = spec;
        Container = container;
    }

    public StoredContainer Stored { get; }
    public RuntimeSpec Spec { get; }
    public CreatedContainer Container { get; }

    /// <param name="states">Where states are kept.</param>
    /// <param name="options">The verb's options.</param>
    /// <param name="waitByFifo">Whether another process will start the container.</param>
    /// <exception cref="RuntimeException">It could not be made; nothing is left behind.</exception>
    public static Launch Create(StateFolder states, VerbOptions options, bool waitByFifo)
    {
        // 1. The bundle.
        string id = options.Id;
        string bundle = Path.GetFullPath(options.Value("bundle") ?? ".");
        byte[] text = ReadSpec(bundle);
        var spec = RuntimeSpecReader.Read(text);
        string? socket = options.Value("console-socket");
        CheckTerminal(spec, socket, options.Has("detach") || waitByFifo);

        // 2. The state folder, which takes the ID.
        string folder = states.Make(id);
        CreatedContainer? container = null;
        try
        {
            states.SaveSpec(id, text);
            if (waitByFifo)
                Files.MakeFifo(states.FifoOf(id), 0x180);

            // 3. The container, up to its start.
            container = CreateContainer.Run(new CreateContainerRequest
            {
                Id = id,
                Bundle = bundle,
                Spec = spec,
                Stdin = 0,
                Stdout = 1,
                Stderr = 2,
                Rootfs = [.. options.Values("rootfs").Select(MountArgument.Parse)],
                OverlayByMount = options.Value("overlay") == "mount",
                StartFifo = waitByFifo ? states.FifoOf(id) : null,
                PreserveDescriptors = PreservedDescriptors.Count(options),
                NoPivot = options.Has("no-pivot"),
                NoNewKeyring = options.Has("no-new-keyring"),
            });
            foreach (string warning in container.Warnings)
                ErrorLog.Warn(warning);
            var stored = Describe(id, bundle, container, options.Has("no-new-keyring"));
            container.WaitReady();

            // 4. What others may know.
            states.Save(stored);
            if (waitByFifo)
                container.Detach();
            if (socket is not null && spec.Process!.Terminal)
                SendTerminal(socket, container);
            if (options.Value("pid-file") is { } file)
                WritePid(file, container.Pid);
            return new Launch(states, stored, spec, container);
        }
        catch
        {
            if (container is not null)
                Abandon(container);
            states.Remove(id);
            throw;
        }
    }

    public static void WritePid(string file, int pid)
    {
        // Whoever waits for the file must not find it empty.
        string draft = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, $".{Path.GetFileName(file)}");
        File.WriteAllText(draft, pid.ToString());
        File.Move(draft, file, overwrite: true);
    }

    public static void SendTerminal(string socket, CreatedContainer container) => SendTerminal(socket, container.TakeTerminal());

    public static void SendTerminal(string socket, int master)
    {
        using var terminal = new Descriptor(master);
        ConsoleSocket.Send(socket, terminal.Number, "/dev/pts/ptmx");
    }

    /// <summary>Takes back a container that cannot go on.</summary>
    public void Abandon()
    {
        Abandon(Container);
        _states.Remove(Stored.Id);
    }

    /// <summary>Removes an ended container of this process.</summary>
    public void Remove()
    {
        DestroyCgroup(Container.CgroupPath);
        _states.Remove(Stored.Id);
        HostHooks.RunAll(Spec.Hooks?.Poststop, "poststop", HookInput.WithPid(Stored.Id, Stored.Bundle, "stopped", Spec, 0), ErrorLog.Warn);
    }

    public void Dispose() => Container.Dispose();

    private static void Abandon(CreatedContainer container)
    {
        const int SIGKILL = 9;
        Pidfd.SendSignal(container.PidDescriptor, SIGKILL);
        Children.Wait(container.Pid);
        DestroyCgroup(container.CgroupPath);
        container.Dispose();
    }

    private static void DestroyCgroup(string path)
    {
        const int SIGKILL = 9;
        using var cgroup = Cgroup.Open(CgroupHierarchies.Detect(), path);
        cgroup.Kill(SIGKILL);
        cgroup.Destroy();
    }

    private static byte[] ReadSpec(string bundle)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(bundle, "config.json"));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RuntimeException(ErrorKind.InvalidParameter, "load bundle", $"JSON specification file {bundle}/config.json not found");
        }
    }

    private static void CheckTerminal(RuntimeSpec spec, string? socket, bool detached)
    {
        bool terminal = spec.Process?.Terminal ?? false;
        if (terminal && detached && socket is null)
            throw new UsageException("cannot allocate tty if hafen-runtime will detach without setting console socket");
        if (socket is not null && !(terminal && detached))
            throw new UsageException("cannot use console socket if hafen-runtime will not detach or allocate tty");
    }

    private static StoredContainer Describe(string id, string bundle, CreatedContainer container, bool noNewKeyring) => new()
    {
        Id = id,
        Pid = container.Pid,
        StartTime = ProcessStat.TryRead(container.Pid, out var stat) ? stat.StartTime : 0,
        Bundle = bundle,
        CgroupPath = container.CgroupPath,
        CreatedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        NoNewKeyring = noNewKeyring,
    };
}
