using System.Text.Json;
using Hafen.Cli.Attach;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;
using Hafen.Client.Containers;
using Hafen.Client.Errors;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen start</c>.</summary>
internal sealed class Start : Command
{
    private readonly ValueFlag<bool> _attach;
    private readonly ValueFlag<string> _detachKeys;
    private readonly ValueFlag<bool> _interactive;

    public Start()
        : base("[OPTIONS] CONTAINER [CONTAINER...]", "Start one or more stopped containers")
    {
        Arguments = ArgumentRule.AtLeast(1);
        Aliases = ["hafen container start", "hafen start"];
        _attach = Flags.Switch("attach", 'a', "Attach STDOUT and STDERR and pass signals on");
        _detachKeys = Flags.Text("detach-keys", '\0', "Keys that detach from the container");
        _interactive = Flags.Switch("interactive", 'i', "Attach the container's STDIN");
        Flags.Refuse(new RefusedFlag("checkpoint", takesValue: true), new RefusedFlag("checkpoint-dir", takesValue: true));
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        if (!_attach.Value && !_interactive.Value)
            return StartAll(session, arguments);
        var (keys, keysText) = DetachKeySetting.Resolve(session, _detachKeys);
        if (arguments.Count > 1)
            throw new CommandException("you cannot start and attach multiple containers at once");
        return StartAttached(session, arguments[0], keys, keysText);
    }

    private static int StartAll(CliSession session, IReadOnlyList<string> names)
    {
        var failed = new List<string>();
        foreach (string name in names)
        {
            try
            {
                session.Client.Containers.Start(name).Run();
                session.Streams.WriteLine(name);
            }
            catch (Exception exception) when (exception is ApiException or InvalidNameException)
            {
                session.Streams.WriteErrorLine(CommandLineProgram.FailureText(exception)!);
                failed.Add(name);
            }
        }

        return failed.Count == 0 ? 0 : throw new CommandException($"Error: failed to start containers: {string.Join(", ", failed)}");
    }

    private int StartAttached(CliSession session, string name, DetachSequence keys, string? keysText)
    {
        var client = session.Client;
        var streams = session.Streams;

        // 1. What kind of container it is decides how its streams look.
        using var container = client.Containers.Inspect(name).Run();
        string id = container.RootElement.GetProperty("Id").GetString()!;
        var config = container.RootElement.GetProperty("Config");
        bool tty = config.GetProperty("Tty").GetBoolean();
        bool stdin = _interactive.Value && config.GetProperty("OpenStdin").GetBoolean();
        bool removed = container.RootElement.GetProperty("HostConfig").TryGetProperty("AutoRemove", out var autoRemove) && autoRemove.ValueKind == JsonValueKind.True;

        // 2. Attach and wait before the start.
        using var attaching = client.Containers.BeginAttach(id, new AttachOptions { Stdin = stdin, Stdout = true, Stderr = true, DetachKeys = keysText });
        using var waiting = client.Containers.BeginWait(id, removed ? "removed" : "next-exit");
        using var connection = attaching.Hijack();
        using var exit = waiting.Read();
        using var terminal = TerminalMode.Enter(streams.Input, tty && stdin && streams.InputIsTerminal);
        using var relay = SignalRelay.Start(
            session,
            tty ? null : (other, signal) => other.Containers.Kill(id, signal).Run(),
            tty && streams.OutputIsTerminal ? (other, size) => other.Containers.Resize(id, size.Height, size.Width).Run() : null,
            terminal);

        // 3. Start, copy, and take over the exit code.
        try
        {
            client.Containers.Start(id).Run();
        }
        catch (ApiException)
        {
            if (removed)
                ContainerCalls.ReadWait(exit);
            throw;
        }

        relay?.ReportSize();
        var end = new StreamCopier(streams, connection) { Tty = tty, CopyInput = stdin, DetachKeys = keys }.Run();
        terminal?.Dispose();
        return end == CopyEnd.Detached ? 0 : ExitStatus.Read(exit, streams);
    }
}
