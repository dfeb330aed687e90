using Hafen.Linux.Processes;

namespace Hafen.Linux.Events;

/// <summary>
/// What happens when a signal arrives. A process inherits what its parent ignores and blocks (<c>nohup</c>, a shell's background job, a supervisor that
/// ignores SIGCHLD), and the C# runtime leaves an ignored signal ignored even for who registers for it.
/// </summary>
public static unsafe class SignalDispositions
{
    private const int Last = 64, SIG_SETMASK = 2;
    private const int SIGKILL = 9, SIGPIPE = 13, SIGSTOP = 19;
    private const nint SIG_IGN = 1;

    /// <summary>
    /// <see cref="TakeBackAll"/>, and lets no signal wait on this thread and on those it starts. For the start of a program, before anything waits for a signal.
    /// </summary>
    public static void Reset()
    {
        TakeBackAll();
        ulong none = 0;
        SystemCall.Call(SystemCall.rt_sigprocmask, SIG_SETMASK, (nint)(&none), 0, sizeof(ulong));
    }

    /// <summary>Gives every ignored signal its default action. Handlers stay, and so does SIGPIPE, which the runtime ignores for itself.</summary>
    public static void TakeBackAll()
    {
        for (int signal = 1; signal <= Last; signal++)
        {
            if (signal is not (SIGKILL or SIGPIPE or SIGSTOP))
                TakeBack(signal);
        }
    }

    /// <summary>Gives one signal its default action when it is ignored. With SIGCHLD ignored the kernel forgets how children end.</summary>
    public static void TakeBack(int signal)
    {
        // struct kernel_sigaction begins with the action; all zero is SIG_DFL without flags.
        const int Size = 4;
        nint* action = stackalloc nint[Size] { 0, 0, 0, 0 };
        if (SystemCall.Call(SystemCall.rt_sigaction, signal, 0, (nint)action, sizeof(ulong)) != 0 || action[0] != SIG_IGN)
            return;
        new Span<nint>(action, Size).Clear();
        SystemCall.Call(SystemCall.rt_sigaction, signal, (nint)action, 0, sizeof(ulong));
    }
}
