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
    private readonly ValueFlag<bool> _detach;
    private readonly ValueFlag<string> _detachKeys;
    private readonly ListFlag<string> _env;
    private readonly ListFlag<string> _envFile;
    private readonly ValueFlag<bool> _interactive;
    private readonly ValueFlag<bool> _privileged;
    private readonly ValueFlag<bool> _tty;
    private readonly ValueFlag<string> _user;
    private readonly ValueFlag<string> _workingFolder;

    public Exec()
        : base("[OPTIONS] CONTAINER COMMAND [ARG...]", "Execute a command in a running container")
    {
        Arguments = ArgumentRule.AtLeast(2);
        Interspersed = false;
        Aliases = ["hafen container exec", "hafen exec"];
        _detach = Flags.Switch("detach", 'd', "Run the command in the background");
        _detachKeys = Flags.Text("detach-keys", '\0', "Keys that detach from the command");
        _env = Flags.List("env", 'e', "Set environment variables", KeyValues.CheckEnvironment);
        _envFile = Flags.List("env-file", '\0', "Read environment variables from a file");
        _interactive = Flags.Switch("interactive", 'i', "Keep STDIN open even if not attached");
        _privileged = Flags.Switch("privileged", '\0', "Give the command all privileges");
        _tty = Flags.Switch("tty", 't', "Allocate a pseudo-TTY");
        _user = Flags.Text("user", 'u', "User name or ID (<name|uid>[:<group|gid>])");
        _workingFolder = Flags.Text("workdir", 'w', "Working folder in the container");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        string container = arguments[0];
        var client = session.Client;
        var streams = session.Streams;
        var (keys, keysText) = DetachKeySetting.Resolve(session, _detachKeys);
        bool stdin = _interactive.Value && !_detach.Value;
        var variables = KeyValues.Read(_envFile.Values, _env.Values, session.Environment);

        // 1. A missing terminal is noticed before the daemon makes anything; a missing container counts for more.
        if (stdin && _tty.Value && !streams.InputIsTerminal)
        {
            client.Containers.Inspect(container).Run().Dispose();
            throw new CommandException("the input device is not a TTY");
        }

        uint[]? size = _tty.Value && Terminal.TryGetWindowSize(streams.Output, out var window) ? [(uint)window.Height, (uint)window.Width] : null;

        // 2. Create.
        string id = client.Execs.Create(container, new ExecCreateRequest
        {
            User = _user.Value,
            Privileged = _privileged.Value,
            Tty = _tty.Value,
            ConsoleSize = size,
            AttachStdin = stdin,
            AttachStdout = !_detach.Value,
            AttachStderr = !_detach.Value,
            DetachKeys = keysText,
            Env = variables.Count == 0 ? null : [.. variables],
            WorkingDir = _workingFolder.Value,
            Cmd = [.. arguments.Skip(1)],
            Detach = _detach.Value,
        }).Run();
        var start = new ExecStartRequest { Detach = _detach.Value, Tty = _tty.Value, ConsoleSize = size };
        if (_detach.Value)
        {
            client.Execs.Start(id, start).Run();
            return 0;
        }

        // 3. Start and copy.
        using var connection = client.Execs.Attach(id, start).Run();
        using var terminal = TerminalMode.Enter(streams.Input, _tty.Value && stdin && streams.InputIsTerminal);
        using var relay = SignalRelay.Start(
            session, null, _tty.Value && streams.OutputIsTerminal ? (other, now) => other.Execs.Resize(id, now.Height, now.Width).Run() : null, terminal);
        relay?.ReportSize();
        var end = new StreamCopier(streams, connection) { Tty = _tty.Value, CopyInput = stdin, DetachKeys = keys }.Run();
        terminal?.Dispose();
        if (end == CopyEnd.Detached)
            throw new CommandException("read escape sequence");

        // 4. The exit code is known when the output has ended.
        return client.Execs.ExitCode(id).Run() ?? 0;
    }
}
