using Hafen.Cli.Session;
using Hafen.Client;
using Hafen.Client.Errors;
using Hafen.Linux.Events;
using Hafen.Linux.Terminals;

namespace Hafen.Cli.Attach;

/// <summary>
/// What happens to us while a container has our streams: signals are passed on to it, a changed window size is reported. On a thread of its
/// own with its own connection, because the copying may wait for a slow reader of our output.
/// </summary>
internal sealed class SignalRelay : IDisposable
{
    /// <summary>Who interrupts so many times means us: the container may not listen, or not run yet.</summary>
    private const int InterruptsToExit = 3;

    private const int ResizeAttempts = 10;
    private const int SIGALRM = 14, SIGUSR1 = 10, SIGUSR2 = 12, SIGCONT = 18, SIGTSTP = 20;

    private static readonly int[] s_passed =
        [SignalMask.SIGHUP, SignalMask.SIGINT, SignalMask.SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SignalMask.SIGTERM, SIGCONT, SIGTSTP];

    private static readonly int[] s_ending = [SignalMask.SIGHUP, SignalMask.SIGINT, SignalMask.SIGQUIT, SignalMask.SIGTERM];

    private readonly CliSession _session;
    private readonly Action<EngineClient, string>? _kill;
    private readonly Action<EngineClient, WindowSize>? _resize;
    private readonly TerminalMode? _terminal;
    private readonly SignalDescriptor _signals;
    private readonly EventDescriptor _wake = new();
    private int _sizeWanted;
    private EngineClient? _client;
    private int _interrupts;

    private SignalRelay(CliSession session, Action<EngineClient, string>? kill, Action<EngineClient, WindowSize>? resize, TerminalMode? terminal, int[] taken)
    {
        this._session = session;
        this._kill = kill;
        this._resize = resize;
        this._terminal = terminal;
        _signals = new SignalDescriptor(taken);
    }

    /// <summary>Starts listening; null when there is nothing to listen to.</summary>
    /// <param name="session">Streams and daemon.</param>
    /// <param name="kill">Passes a signal on, or null when signals are not passed on.</param>
    /// <param name="resize">Reports a window size, or null without a terminal.</param>
    /// <param name="terminal">Our terminal, to be restored when a signal ends us.</param>
    public static SignalRelay? Start(CliSession session, Action<EngineClient, string>? kill, Action<EngineClient, WindowSize>? resize, TerminalMode? terminal)
    {
        var taken = new List<int>();
        if (kill is not null)
            taken.AddRange(s_passed);
        else if (terminal is not null)
            taken.AddRange(s_ending);
        if (resize is not null)
            taken.Add(SignalMask.SIGWINCH);
        if (taken.Count == 0)
            return null;

        SignalMask.BlockInRuntime([.. taken]);
        var relay = new SignalRelay(session, kill, resize, terminal, [.. taken]);
        new Thread(relay.Run, 256 * 1024) { IsBackground = true, Name = "signals" }.Start();
        return relay;
    }

    /// <summary>Tells the daemon our size for the first time. A process that is only just starting may not have its terminal yet.</summary>
    public void ReportSize()
    {
        if (_resize is not null)
            Interlocked.Exchange(ref _sizeWanted, 1);
        _wake.Signal();
    }

    public void Dispose() => _client?.Dispose();

    private void Run()
    {
        Span<PollEntry> entries = stackalloc PollEntry[2];
        while (true)
        {
            entries[0] = new PollEntry(_signals.Number, Poll.In);
            entries[1] = new PollEntry(_wake.Number, Poll.In);
            Poll.Wait(entries, -1);
            if (entries[1].Found != 0)
                _wake.Take();
            if (Interlocked.Exchange(ref _sizeWanted, 0) != 0)
                Resize(ResizeAttempts);
            while (_signals.Take() is var signal && signal != 0)
                Handle(signal);
        }
    }

    private void Handle(int signal)
    {
        if (signal == SignalMask.SIGWINCH && _resize is not null)
        {
            Resize(attempts: 1);
            return;
        }

        if (_kill is null)
            Quit(128 + signal);
        try
        {
            _kill!(_client ??= _session.NewClient(), Name(signal));
        }
        catch (Exception exception) when (exception is ApiException or DaemonUnreachableException or IOException or Linux.LinuxException)
        {
            // Not started yet, or gone already: there is nothing to signal.
        }

        if (signal is not (SignalMask.SIGINT or SignalMask.SIGTERM) || ++_interrupts < InterruptsToExit)
            return;
        _terminal?.Dispose();
        CommandLineProgram.Complain(_session.Streams, $"got {InterruptsToExit} SIGTERM/SIGINTs, forcefully exiting");
        Quit(1);
    }

    private void Resize(int attempts)
    {
        if (!Terminal.TryGetWindowSize(_session.Streams.Output, out var size) || size is { Height: 0, Width: 0 })
            return;
        for (int attempt = 1; attempt <= attempts; attempt++)
        {
            try
            {
                _resize!(_client ??= _session.NewClient(), size);
                return;
            }
            catch (Exception exception) when (exception is ApiException or DaemonUnreachableException or IOException or Linux.LinuxException)
            {
                if (attempt == attempts)
                    return;
                Thread.Sleep(attempt * 10);
            }
        }
    }

    private void Quit(int code)
    {
        _terminal?.Dispose();
        Environment.Exit(code);
    }

    private static string Name(int signal) => signal switch
    {
        SignalMask.SIGHUP => "HUP",
        SignalMask.SIGINT => "INT",
        SignalMask.SIGQUIT => "QUIT",
        SignalMask.SIGTERM => "TERM",
        SIGUSR1 => "USR1",
        SIGUSR2 => "USR2",
        SIGALRM => "ALRM",
        SIGCONT => "CONT",
        SIGTSTP => "TSTP",
        _ => signal.ToString(),
    };
}
