using Hafen.Api;
using Hafen.Cli.Attach;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Commands.Containers.Options;
using Hafen.Cli.Session;
using Hafen.Linux.Terminals;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen exec</c>: a further process in a running container.</summary>
internal sealed class Exec : Command
{
    private readonly ValueFlag<bool> detach;
    private readonly ValueFlag<string> detachKeys;
    private readonly ListFlag<string> env;
    private readonly ListFlag<string> envFile;
    private readonly ValueFlag<bool> interactive;
    private readonly ValueFlag<bool> privileged;
    private readonly ValueFlag<bool> tty;
    private readonly ValueFlag<string> user;
    private readonly ValueFlag<string> workingFolder;

    public Exec()
        : base("[OPTIONS] CONTAINER COMMAND [ARG...]", "Execute a command in a running container")
    {
        Arguments = ArgumentRule.AtLeast(2);
        Interspersed = false;
        Aliases = ["hafen container exec", "hafen exec"];
        detach = Flags.Switch("detach", 'd', "Run the command in the background");
        detachKeys = Flags.Text("detach-keys", '\0', "Keys that detach from the command");
        env = Flags.List("env", 'e', "Set environment variables", KeyValues.CheckEnvironment);
        envFile = Flags.List("env-file", '\0', "Read environment variables from a file");
        interactive = Flags.Switch("interactive", 'i', "Keep STDIN open even if not attached");
        privileged = Flags.Switch("privileged", '\0', "Give the command all privileges");
        tty = Flags.Switch("tty", 't', "Allocate a pseudo-TTY");
        user = Flags.Text("user", 'u', "User name or ID (<name|uid>[:<group|gid>])");
        workingFolder = Flags.Text("workdir", 'w', "Working folder in the container");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var container = arguments[0];
        var client = session.Client;
        var streams = session.Streams;
        var (keys, keysText) = DetachKeySetting.Resolve(session, detachKeys);
        var stdin = interactive.Value && !detach.Value;
        var variables = KeyValues.Read(envFile.Values, env.Values, session.Environment);

        // 1. A missing terminal is noticed before the daemon makes anything; a missing container counts for more.
        if (stdin && tty.Value && !streams.InputIsTerminal)
        {
            client.Containers.Inspect(container).Dispose();
            throw new CommandException("the input device is not a TTY");
        }

        uint[]? size = tty.Value && Terminal.TryGetWindowSize(streams.Output, out var window) ? [(uint)window.Height, (uint)window.Width] : null;

        // 2. Create.
        var id = client.Execs.Create(container, new ExecCreateRequest
        {
            User = user.Value,
            Privileged = privileged.Value,
            Tty = tty.Value,
            ConsoleSize = size,
            AttachStdin = stdin,
            AttachStdout = !detach.Value,
            AttachStderr = !detach.Value,
            DetachKeys = keysText,
            Env = variables.Count == 0 ? null : [.. variables],
            WorkingDir = workingFolder.Value,
            Cmd = [.. arguments.Skip(1)],
            Detach = detach.Value,
        });
        var start = new ExecStartRequest { Detach = detach.Value, Tty = tty.Value, ConsoleSize = size };
        if (detach.Value)
        {
            client.Execs.Start(id, start);
            return 0;
        }

        // 3. Start and copy.
        using var connection = client.Execs.Attach(id, start);
        using var terminal = TerminalMode.Enter(streams.Input, tty.Value && stdin && streams.InputIsTerminal);
        using var relay = SignalRelay.Start(
            session, null, tty.Value && streams.OutputIsTerminal ? (other, now) => other.Execs.Resize(id, now.Height, now.Width) : null, terminal);
        relay?.ReportSize();
        var end = new StreamCopier(streams, connection) { Tty = tty.Value, CopyInput = stdin, DetachKeys = keys }.Run();
        terminal?.Dispose();
        if (end == CopyEnd.Detached) throw new CommandException("read escape sequence");

        // 4. The exit code is known when the output has ended.
        return client.Execs.ExitCode(id) ?? 0;
    }
}
