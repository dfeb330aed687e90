using Hafen.Errors;
using Hafen.Linux.Events;
using Hafen.Linux.Processes;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Cli.Options;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Exec;
using Hafen.Runtime.State;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary><c>exec [options] ID COMMAND [ARGUMENT…]</c>, or with <c>--process FILE</c>.</summary>
internal static class ExecVerb
{
    private static readonly string[] s_flags = ["tty|t", "detach|d", "no-new-privs", "ignore-paused"];

    private static readonly string[] s_valued =
    [
        "console-socket", "cwd", "env|e", "user|u", "additional-gids|g", "process|p", "pid-file", "process-label", "apparmor", "cap|c", "preserve-fds",
        "cgroup",
    ];

    public static int Run(GlobalOptions global)
    {
        var options = VerbOptions.Parse(global.Rest, s_flags, s_valued);
        if (options.Value("cgroup") is not null)
            throw new UsageException("--cgroup is not supported");
        var stored = global.States.Load(options.Id);
        var status = global.States.StatusOf(stored);
        if (status == ContainerStatus.Paused && !options.Has("ignore-paused"))
            throw new RuntimeException(ErrorKind.NotRunning, "exec", "cannot exec in a paused container (use --ignore-paused to override)");
        if (status is ContainerStatus.Stopped)
            throw new RuntimeException(ErrorKind.NotRunning, "exec", "cannot exec in a stopped container");

        var spec = global.States.LoadSpec(stored.Id);
        var process = ProcessOf(options, spec);
        bool detached = options.Has("detach");
        string? socket = options.Value("console-socket");
        if (process.Terminal && detached && socket is null)
            throw new UsageException("cannot allocate tty if hafen-runtime will detach without setting console socket");

        // Held from here on; looked at once more, because until now the pid could have become another's.
        using var init = Pidfd.Open(stored.Pid);
        if (!StateFolder.IsAlive(stored))
            throw new RuntimeException(ErrorKind.NotRunning, "exec", "cannot exec in a stopped container");
        using var executed = ExecProcess.Run(new ExecProcessRequest
        {
            ContainerId = stored.Id,
            ContainerPid = stored.Pid,
            ContainerPidDescriptor = init.Number,
            CgroupsPath = stored.CgroupPath,
            NoNewKeyring = stored.NoNewKeyring,
            Spec = spec,
            Process = process,
            Stdin = 0,
            Stdout = 1,
            Stderr = 2,
            PreserveDescriptors = PreservedDescriptors.Count(options),
        });
        // Until it is let in nothing of it has run: what cannot be told to the caller does not happen.
        executed.WaitEntered();
        if (options.Value("pid-file") is { } file)
            WritePid(file, executed);
        if (!detached)
            Foreground.HoldSignals();
        executed.LetIn();
        executed.WaitStarted();
        int master = executed.TakeTerminal();
        if (socket is not null && master >= 0)
        {
            Launch.SendTerminal(socket, master);
            master = -1;
        }

        return detached ? 0 : Foreground.Wait(executed.Pid, executed.PidDescriptor, master);
    }

    private static void WritePid(string file, ExecutedProcess executed)
    {
        try
        {
            Launch.WritePid(file, executed.Pid);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Pidfd.SendSignal(executed.PidDescriptor, SignalMask.SIGKILL);
            Children.Wait(executed.Pid);
            throw;
        }
    }

    /// <summary>The process of a file, or the container's own with another command and what the options change.</summary>
    public static SpecProcess ProcessOf(VerbOptions options, RuntimeSpec spec)
    {
        if (options.Value("process") is { } file)
            return RuntimeSpecReader.ReadProcess(File.ReadAllBytes(file));

        string[] command = [.. options.Arguments.Skip(1)];
        if (command.Length == 0)
            throw new UsageException("process args cannot be empty");
        var own = spec.Process!;
        string[] added = [.. options.Values("cap")];
        return own with
        {
            Args = command,
            Terminal = options.Has("tty"),
            ConsoleSize = null,
            Cwd = options.Value("cwd") ?? own.Cwd,
            Env = [.. own.Env ?? [], .. options.Values("env")],
            User = UserOf(options, own.User),
            NoNewPrivileges = options.Has("no-new-privs") || own.NoNewPrivileges,
            ApparmorProfile = options.Value("apparmor") ?? own.ApparmorProfile,
            SelinuxLabel = options.Value("process-label") ?? own.SelinuxLabel,
            Capabilities = added.Length == 0 ? own.Capabilities : With(own.Capabilities, added),
        };
    }

    private static SpecUser UserOf(VerbOptions options, SpecUser own)
    {
        var user = own;
        if (options.Value("user") is { } text)
        {
            string[] parts = text.Split(':');
            user = user with { Uid = Id(parts[0]), Gid = parts.Length > 1 ? Id(parts[1]) : 0 };
        }

        var groups = options.Values("additional-gids");
        return groups.Count == 0 ? user : user with { AdditionalGids = [.. user.AdditionalGids ?? [], .. groups.Select(Id)] };
    }

    private static uint Id(string text) => uint.TryParse(text, out uint id) ? id : throw new UsageException($"invalid user or group number \"{text}\"");

    private static SpecCapabilities With(SpecCapabilities? own, string[] added) => new()
    {
        Bounding = [.. own?.Bounding ?? [], .. added],
        Effective = [.. own?.Effective ?? [], .. added],
        Permitted = [.. own?.Permitted ?? [], .. added],
        Inheritable = own?.Inheritable,
        Ambient = own?.Ambient,
    };
}
