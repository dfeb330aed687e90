using Hafen.Linux.Events;

namespace Hafen.Cli.Session;

/// <summary>Tidies up before a signal ends us: a process that is interrupted runs no <c>finally</c>.</summary>
internal static class EndingSignals
{
    private const int ThreadStackSize = 256 * 1024;
    private static readonly int[] s_ending = [SignalMask.SIGHUP, SignalMask.SIGINT, SignalMask.SIGQUIT, SignalMask.SIGTERM];

    /// <summary>From now on such a signal runs the action, on a thread of its own, and ends us with the code a shell would report.</summary>
    public static void TidyUp(Action action)
    {
        SignalMask.BlockInRuntime(s_ending);
        var signals = new SignalDescriptor(s_ending);
        new Thread(() => Wait(signals, action), ThreadStackSize) { IsBackground = true, Name = "signals" }.Start();
    }

    private static void Wait(SignalDescriptor signals, Action action)
    {
        int signal;
        while ((signal = signals.Take()) == 0)
            Poll.Wait([new PollEntry(signals.Number, Poll.In)], -1);
        action();
        Environment.Exit(128 + signal);
    }
}
