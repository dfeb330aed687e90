using Hafen.Api;
using Hafen.Cli.Attach;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Commands.Containers.Options;
using Hafen.Cli.Session;
using Hafen.Client.Containers;
using Hafen.Client.Errors;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen run</c>: create, attach, start, copy the streams, and end with the container's exit code.</summary>
internal sealed class Run : Command
{
    /// <summary>Marks complaints that docker prints bare, with exit code 1.</summary>
    private const int PlainExitCode = 0;

    private readonly ContainerFlags _options;
    private readonly ValueFlag<bool> _detach;
    private readonly ValueFlag<bool> _signalProxy;
    private readonly ValueFlag<string> _detachKeys;

    public Run()
        : base("[OPTIONS] IMAGE [COMMAND] [ARG...]", "Create and run a new container from an image")
    {
        Arguments = ArgumentRule.AtLeast(1);
        Interspersed = false;
        FailureCode = 125;
        Aliases = ["hafen container run", "hafen run"];
        _options = new ContainerFlags(Flags);
        Flags.Refuse(new RefusedFlag("use-api-socket"));
        _detach = Flags.Switch("detach", 'd', "Run the container in the background and print its ID");
        _signalProxy = Flags.Switch("sig-proxy", '\0', "Pass signals on to the container", initial: true);
        _detachKeys = Flags.Text("detach-keys", '\0', "Keys that detach from the container");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        ContainerCreateRequest request;
        DetachSequence keys;
        string? keysText;
        string id;
        try
        {
            // 1. What is asked for must make sense before anything exists.
            request = Prepare(session, arguments);
            (keys, keysText) = DetachKeySetting.Resolve(session, _detachKeys);

            // 2. Create.
            id = ContainerCreation.Create(session, _options, request);
        }
        catch (CommandException exception) when (exception.ExitCode != PlainExitCode)
        {
            throw new CommandException($"hafen: {exception.Message}\n\nRun 'hafen run --help' for more information", 125);
        }
        catch (CommandException exception)
        {
            throw new CommandException(exception.Message);
        }
        catch (Exception exception) when (exception is ApiException or DaemonUnreachableException)
        {
            throw RunFailure.ToCommandException(exception, "run");
        }

        if (request is { AttachStdin: false, AttachStdout: false, AttachStderr: false })
        {
            Start(session, id);
            session.Streams.WriteLine(id);
            return 0;
        }

        return RunAttached(session, request, id, keys, keysText);
    }

    private int RunAttached(CliSession session, ContainerCreateRequest request, string id, DetachSequence keys, string? keysText)
    {
        var client = session.Client;
        var streams = session.Streams;
        bool tty = request.Tty;

        // 3. Attach and wait before the start, so that neither output nor exit can be missed; both requests travel at once.
        using var attaching = client.Containers.BeginAttach(
            id, new AttachOptions { Stdin = request.AttachStdin, Stdout = request.AttachStdout, Stderr = request.AttachStderr, DetachKeys = keysText });
        using var waiting = client.Containers.BeginWait(id, _options.Remove.Value ? "removed" : "next-exit");

        // 4. From here on signals belong to the container. The daemon works on the two requests meanwhile.
        using var terminal = TerminalMode.Enter(streams.Input, tty && request.AttachStdin && streams.InputIsTerminal);
        using var relay = SignalRelay.Start(
            session,
            _signalProxy.Value ? (other, signal) => other.Containers.Kill(id, signal).Run() : null,
            tty && streams.OutputIsTerminal ? (other, size) => other.Containers.Resize(id, size.Height, size.Width).Run() : null,
            terminal);
        using var connection = attaching.Hijack();
        using var exit = waiting.Read();

        // 5. Start. A container that could not start and is to be removed is gone before we are.
        try
        {
            client.Containers.Start(id).Run();
        }
        catch (Exception exception) when (exception is ApiException or DaemonUnreachableException)
        {
            terminal?.Dispose();
            if (_options.Remove.Value && exception is ApiException)
                ContainerCalls.ReadWait(exit);
            throw RunFailure.ToCommandException(exception, "run");
        }

        relay?.ReportSize();

        // 6. Copy until the output ends; then the exit code is known or about to be.
        var end = new StreamCopier(streams, connection)
        {
            Tty = tty,
            CopyInput = request.AttachStdin,
            DetachKeys = keys,
            EndDescriptor = request.AttachStdout || request.AttachStderr ? -1 : exit.Descriptor,
        }.Run();
        terminal?.Dispose();
        return end == CopyEnd.Detached ? 0 : ExitStatus.Read(exit, streams);
    }

    private ContainerCreateRequest Prepare(CliSession session, IReadOnlyList<string> arguments)
    {
        var request = ContainerCreation.Request(session, _options, arguments);
        if (_detach.Value)
        {
            if (_options.Attach.Values.Count > 0)
                throw new CommandException("conflicting options: cannot specify both --attach and --detach", PlainExitCode);
            return request with { AttachStdin = false, AttachStdout = false, AttachStderr = false, StdinOnce = false };
        }

        request = request with { StdinOnce = request.OpenStdin && request.AttachStdin };
        if (request.AttachStdin && request.Tty && !session.Streams.InputIsTerminal)
            throw new CommandException("the input device is not a TTY", PlainExitCode);
        return request;
    }

    private static void Start(CliSession session, string id)
    {
        try
        {
            session.Client.Containers.Start(id).Run();
        }
        catch (Exception exception) when (exception is ApiException or DaemonUnreachableException)
        {
            throw RunFailure.ToCommandException(exception, "run");
        }
    }
}
