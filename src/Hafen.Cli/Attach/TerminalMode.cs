using Hafen.Linux.Events;
using Hafen.Linux.Terminals;

namespace Hafen.Cli.Attach;

/// <summary>Our terminal in raw mode while it belongs to a container. Dispose gives it back.</summary>
internal sealed class TerminalMode : IDisposable
{
    private readonly int _descriptor;
    private readonly TerminalAttributes _before;
    private int _restored;

    private TerminalMode(int descriptor)
    {
        this._descriptor = descriptor;
        // One that came between here and the relay, which gives the terminal back, would end us in raw mode; it waits for that.
        SignalMask.BlockInRuntime(SignalMask.SIGHUP, SignalMask.SIGINT, SignalMask.SIGQUIT, SignalMask.SIGTERM);
        _before = Terminal.MakeRaw(descriptor);
    }

    /// <summary>Switches to raw mode, and holds the signals that would end us until <see cref="SignalRelay"/> takes them, unless the descriptor is no terminal.</summary>
    public static TerminalMode? Enter(int descriptor, bool isTerminal) => isTerminal ? new TerminalMode(descriptor) : null;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _restored, 1) != 0)
            return;
        try
        {
            Terminal.Restore(_descriptor, _before);
        }
        catch (Linux.LinuxException)
        {
            // The terminal is gone (its window was closed): there is nothing to give back, and the exit code still matters.
        }
    }
}
