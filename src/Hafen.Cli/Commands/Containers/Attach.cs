using System.Text.Json;
using Hafen.Cli.Attach;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;
using Hafen.Client.Containers;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen attach</c>.</summary>
internal sealed class Attach : Command
{
    private readonly ValueFlag<string> _detachKeys;
    private readonly ValueFlag<bool> _noStdin;
    private readonly ValueFlag<bool> _signalProxy;

    public Attach()
        : base("[OPTIONS] CONTAINER", "Attach the standard streams to a running container")
    {
        Arguments = ArgumentRule.Exactly(1);
        Aliases = ["hafen container attach", "hafen attach"];
        _detachKeys = Flags.Text("detach-keys", '\0', "Keys that detach from the container");
        _noStdin = Flags.Switch("no-stdin", '\0', "Do not attach STDIN");
        _signalProxy = Flags.Switch("sig-proxy", '\0', "Pass all signals on to the container", initial: true);
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var (keys, keysText) = DetachKeySetting.Resolve(session, _detachKeys);
        var client = session.Client;
        var streams = session.Streams;

        // 1. Only a running container can be attached to.
        using var container = client.Containers.Inspect(arguments[0]).Run();
        string id = container.RootElement.GetProperty("Id").GetString()!;
        CheckState(container.RootElement.GetProperty("State"));
        var config = container.RootElement.GetProperty("Config");
        bool tty = config.GetProperty("Tty").GetBoolean();
        bool stdin = !_noStdin.Value && config.GetProperty("OpenStdin").GetBoolean();
        if (!_noStdin.Value && tty && !streams.InputIsTerminal)
            throw new CommandException("the input device is not a TTY");

        // 2. The exit must be waited for before the streams are, or a short end between them would be missed.
        using var waiting = client.Containers.BeginWait(id, "not-running");
        using var attaching = client.Containers.BeginAttach(id, new AttachOptions { Stdin = stdin, Stdout = true, Stderr = true, DetachKeys = keysText });
        using var exit = waiting.Read();
        using var connection = attaching.Hijack();
        using var terminal = TerminalMode.Enter(streams.Input, tty && stdin && streams.InputIsTerminal);
        using var relay = SignalRelay.Start(
            session,
            _signalProxy.Value && !tty ? (other, signal) => other.Containers.Kill(id, signal).Run() : null,
            tty && streams.OutputIsTerminal ? (other, size) => other.Containers.Resize(id, size.Height, size.Width).Run() : null,
            terminal);
        if (tty && streams.OutputIsTerminal)
            Redraw(session, id);
        relay?.ReportSize();

        // 3. Copy until the end of the output.
        var end = new StreamCopier(streams, connection) { Tty = tty, CopyInput = stdin, DetachKeys = keys }.Run();
        terminal?.Dispose();
        return end == CopyEnd.Detached ? throw new CommandException("read escape sequence") : ExitStatus.Read(exit, streams);
    }

    private static void CheckState(JsonElement state)
    {
        if (!state.GetProperty("Running").GetBoolean())
            throw new CommandException("You cannot attach to a stopped container, start it first");
        if (state.GetProperty("Paused").GetBoolean())
            throw new CommandException("You cannot attach to a paused container, unpause it first");
        if (state.GetProperty("Restarting").GetBoolean())
            throw new CommandException("You cannot attach to a restarting container, wait until it is running");
    }

    /// <summary>A program redraws when its window changes: another size first makes the real one a change.</summary>
    private static void Redraw(CliSession session, string id)
    {
        if (!Linux.Terminals.Terminal.TryGetWindowSize(session.Streams.Output, out var size))
            return;
        try
        {
            session.Client.Containers.Resize(id, size.Height + 1, size.Width + 1).Run();
        }
        catch (Client.Errors.ApiException)
        {
            // Cosmetic: the size itself is reported afterwards, as often as needed.
        }
    }
}
