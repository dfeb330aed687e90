using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hafen.Linux.Events;

/// <summary>sigset_t of the C library (1,024 bits).</summary>
[InlineArray(16)]
public struct SignalSet
{
    private ulong _first;
}

/// <summary>Which signals wait instead of acting.</summary>
public static unsafe partial class SignalMask
{
    private const int SIG_BLOCK = 0;

    /// <summary>Signal numbers (the same on x86-64 and arm64).</summary>
    public const int SIGHUP = 1, SIGINT = 2, SIGQUIT = 3, SIGKILL = 9, SIGPIPE = 13, SIGTERM = 15, SIGCHLD = 17, SIGWINCH = 28;

    /// <summary>Blocks signals for the calling thread and everything it starts.</summary>
    public static void Block(params ReadOnlySpan<int> signals)
    {
        SignalSet set;
        Fill(&set, signals);
        int errno = pthread_sigmask(SIG_BLOCK, &set, null);
        if (errno != 0)
            throw new LinuxException(errno, "pthread_sigmask");
    }

    /// <summary>
    /// Blocks signals on the calling thread and on the runtime's finalizer thread. A signal sent to the process goes to any thread that does not
    /// block it, so one thread left out would swallow what a <see cref="SignalDescriptor"/> waits for.
    /// </summary>
    public static void BlockInRuntime(params int[] signals)
    {
        Block(signals);
        Abandon(signals);
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        GC.WaitForPendingFinalizers();
    }

    internal static void Fill(SignalSet* set, ReadOnlySpan<int> signals)
    {
        sigemptyset(set);
        foreach (int signal in signals)
            sigaddset(set, signal);
    }

    // Not inlined, so that no reference stays in the caller's frame and the object is garbage at once.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon(int[] signals) => _ = new FinalizerThread(signals);

    /// <summary>An object whose only purpose is to be finalized: that runs our call on the thread we cannot reach otherwise.</summary>
    private sealed class FinalizerThread(int[] signals)
    {
        ~FinalizerThread() => Block(signals);
    }

    [LibraryImport("libc")]
    private static partial int sigemptyset(SignalSet* set);

    [LibraryImport("libc")]
    private static partial int sigaddset(SignalSet* set, int signal);

    [LibraryImport("libc")]
    private static partial int pthread_sigmask(int how, SignalSet* set, SignalSet* before);
}
