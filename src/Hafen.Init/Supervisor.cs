using System.Text;
using Hafen.Linux;
using Hafen.Linux.Events;
using Hafen.Linux.Processes;

namespace Hafen.Init;

/// <summary>
/// The first process of a container: starts the command in a process group of its own, hands on every signal, collects whatever
/// becomes its child, and ends when the command does.
/// </summary>
internal static unsafe class Supervisor
{
    private const int SIGKILL = 9, SIGCHLD = 17, SIGTTIN = 21, SIGTTOU = 22;
    private const int Highest = 64;
    private const int PR_SET_PDEATHSIG = 1;
    private const int SignalSetSize = 8;

    /// <returns>The exit code of the process.</returns>
    public static int Run()
    {
        // 1. What is asked.
        var words = ProcessWords.Read();
        var options = Options.Parse(words.Arguments, Environment.GetEnvironmentVariable);
        if (options.ShowUsage)
            return Print(1, Options.Usage, 0);
        if (options.ShowVersion)
            return Print(1, $"hafen-init version {typeof(Supervisor).Assembly.GetName().Version?.ToString(3)}\n", 0);
        if (options.Problem is not null)
            return Print(2, $"hafen-init: {options.Problem}\n\n{Options.Usage}", 1);

        // 2. Signals wait for us from here on, whatever our parent ignored.
        int[] waiting = Forwarded();
        SignalMask.BlockInRuntime(waiting);
        SignalDispositions.TakeBackAll();
        SignalAction.Set(SIGTTIN, SignalAction.Ignore);
        SignalAction.Set(SIGTTOU, SignalAction.Ignore);

        // 3. Orphans.
        if (options.ParentDeathSignal != 0)
            SystemCall.Call(SystemCall.prctl, PR_SET_PDEATHSIG, options.ParentDeathSignal);
        bool first = SystemCall.Call(SystemCall.getpid) == 1;
        if (options.CollectsOrphans)
            SystemCall.Call(SystemCall.prctl, ProcessControl.PR_SET_CHILD_SUBREAPER, 1);
        else if (!first && options.Verbosity > 0)
            Print(2, "hafen-init: not the first process: orphans are not collected without -s\n", 0);

        // 4. The command.
        using var command = new CommandProcess(words, options.CommandStart);
        int child = command.Start();
        if (child < 0)
            return Print(2, $"hafen-init: cannot start a process: {Errno.Text(-child)}\n", 1);

        // 5. Until it ends.
        int code = Wait(child, waiting, options);
        return options.Accepted[code] ? 0 : code;
    }

    private static int Wait(int child, int[] waiting, Options options)
    {
        ulong set = 0;
        foreach (int signal in waiting)
            set |= 1UL << (signal - 1);
        while (true)
        {
            int signal = (int)SystemCall.Call(ExtraCalls.rt_sigtimedwait, (nint)(&set), 0, 0, SignalSetSize);
            if (signal > 0 && signal != SIGCHLD)
            {
                // The command may have ended just now: then the signal came too late, which is no error.
                SystemCall.Call(SystemCall.kill, options.SignalsGroup ? -child : child, signal);
            }

            if (Collect(child, options) is int code)
                return code;
        }
    }

    /// <summary>Reaps everything that has ended; the exit code when the command was among it.</summary>
    private static int? Collect(int child, Options options)
    {
        int? code = null;
        while (Children.TryWaitAny() is { } exit)
        {
            if (exit.Pid == child)
                code = exit.ExitCode;
            else if (options.TellsCollected)
                Print(2, $"hafen-init: collected process {exit.Pid}\n", 0);
        }

        return code;
    }

    /// <summary>All but those that report a fault of this process itself, that cannot be held back, or that the C library keeps.</summary>
    private static int[] Forwarded()
    {
        ReadOnlySpan<int> own = [4, 5, 6, 7, 8, SIGKILL, 11, 19, SIGTTIN, SIGTTOU, 31, 32, 33];
        var signals = new List<int>(Highest);
        for (int signal = 1; signal <= Highest; signal++)
        {
            if (!own.Contains(signal))
                signals.Add(signal);
        }

        return [.. signals];
    }

    private static int Print(int descriptor, string text, int code)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(text))
            SystemCall.Call(SystemCall.write, descriptor, (nint)bytes, Encoding.UTF8.GetByteCount(text));
        return code;
    }
}
