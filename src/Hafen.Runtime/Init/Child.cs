using System.Diagnostics.CodeAnalysis;
using Hafen.Linux;
using Hafen.Linux.Processes;
using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>
/// Runs a plan in the child of a raw clone. Everything in the <c>Child…</c> classes keeps to one discipline: no allocation, no exception, no managed
/// object, only <see cref="Direct"/> system calls on native memory. A step answers zero or a negative errno.
/// </summary>
internal static unsafe class Child
{
    private const int SIGSEGV = 11, SIGPIPE = 13;
    private const ulong SIG_DFL = 0, SIG_IGN = 1;

    /// <summary>Interprets the plan; never returns.</summary>
    /// <param name="steps">The plan.</param>
    /// <param name="count">Its length.</param>
    /// <param name="sync">The child's end of the socket pair.</param>
    /// <param name="proc">The host's procfs.</param>
    /// <param name="kept">Descriptors that stay open, in rising order.</param>
    /// <param name="keptCount">Their number.</param>
    /// <param name="environment">The runtime's own environment.</param>
    [DoesNotReturn]
    public static void Run(Step* steps, int count, int sync, int proc, int* kept, int keptCount, EnvironmentBlock environment)
    {
        CloseOthers(kept, keptCount);
        // Readable as /proc/PID/environ to who may trace the child; what the program gets stands in the plan.
        for (byte* at = environment.Start; at < environment.End; at++)
            *at = 0;
        byte* note = stackalloc byte[ChildMessage.TextRoom];
        note[0] = 0;
        ChildState state;
        state.Steps = steps;
        state.Count = count;
        state.Sync = sync;
        state.Proc = proc;
        state.Root = -1;
        state.TerminalSlave = -1;
        state.Fifo = -1;
        state.Null = -1;
        state.EmptyFolder = -1;
        state.InDirectory = false;
        state.Executable = null;
        state.Home = null;
        state.Detail = ChildDetail.None;
        state.Note = note;

        // Modes of nodes and folders are exact; the process's own mask is set by its step.
        Direct(umask, 0);
        // The runtime's own handler has no place in here; after a filter is installed this could be forbidden.
        SetDisposition(SIGSEGV, SIG_DFL);
        IgnoreBrokenPipe();
        for (int i = 0; i < count; i++)
        {
            state.Current = i;
            nint result = ChildSteps.Do(&state, steps + i);
            if (result >= 0)
                continue;
            ReportFailure(&state, (int)-result);
            break;
        }

        Exit(1);
    }

    /// <summary>A seccomp filter may forbid even to end; a fault is nothing that it is asked about, and ends the first process of a namespace, too.</summary>
    [DoesNotReturn]
    public static void Exit(int status)
    {
        while (true)
        {
            Direct(exit_group, status);
            Volatile.Write(ref *(int*)null, status);
        }
    }

    /// <summary>Sends a message without text. A parent that has gone is no failure: the CLI's <c>create</c> ends before <c>start</c> comes.</summary>
    public static nint Report(ChildState* state, ChildMessageKind kind)
    {
        ChildMessage message;
        Clear(&message);
        message.Kind = kind;
        Direct(write, state->Sync, (nint)(&message), sizeof(ChildMessage));
        return 0;
    }

    /// <summary>Waits for one byte of the parent.</summary>
    public static nint Await(ChildState* state, byte expected)
    {
        byte signal;
        nint result;
        do
            result = Direct(read, state->Sync, (nint)(&signal), 1);
        while (result == -Errno.EINTR);
        if (result < 0)
            return result;
        if (result == 1 && signal == expected)
            return 0;
        state->Detail = ChildDetail.ParentGone;
        return -Errno.EPIPE;
    }

    /// <summary>Waits for <c>start</c> through a FIFO that this process holds open for both reading and writing.</summary>
    public static nint AwaitFifo(int fifo)
    {
        byte signal;
        nint result;
        do
            result = Direct(read, fifo, (nint)(&signal), 1);
        while (result == -Errno.EINTR);
        return result < 0 ? result : 0;
    }

    /// <summary>A parent that has gone must not end the child with SIGPIPE: after the CLI's <c>create</c> it always has.</summary>
    private static void IgnoreBrokenPipe() => SetDisposition(SIGPIPE, SIG_IGN);

    private static void SetDisposition(int signal, ulong disposition)
    {
        ulong* action = stackalloc ulong[4];
        action[0] = disposition;
        action[1] = action[2] = action[3] = 0;
        Direct(rt_sigaction, signal, (nint)action, 0, sizeof(ulong));
    }

    private static void CloseOthers(int* kept, int count)
    {
        long next = 0L;
        for (int i = 0; i <= count; i++)
        {
            long end = i < count ? kept[i] : uint.MaxValue + 1L;
            if (next < end)
                Direct(close_range, (nint)next, (nint)(end - 1));
            next = end + 1;
        }
    }

    private static void ReportFailure(ChildState* state, int error)
    {
        ChildMessage message;
        Clear(&message);
        message.Kind = ChildMessageKind.Failed;
        message.Step = state->Current;
        message.Number = error;
        message.Detail = state->Detail;
        for (int i = 0; i < ChildMessage.TextRoom - 1 && state->Note[i] != 0; i++)
            message.Text[i] = state->Note[i];
        IgnoreBrokenPipe();
        if (Direct(write, state->Sync, (nint)(&message), sizeof(ChildMessage)) < 0)
            Complain(state, error);
    }

    /// <summary>Nobody listens: what the plan has ready goes to the process's stderr, with the number of the error.</summary>
    private static void Complain(ChildState* state, int error)
    {
        byte* text = state->Steps[state->Count - 1].Text;
        if (text == null)
            return;
        byte* number = stackalloc byte[16];
        number[NativeText.WriteNumber(number, error)] = (byte)'\n';
        Direct(write, 2, (nint)text, NativeText.Length(text));
        Direct(write, 2, (nint)number, NativeText.Length(number));
    }

    private static void Clear(ChildMessage* message)
    {
        byte* bytes = (byte*)message;
        for (int i = 0; i < sizeof(ChildMessage); i++)
            bytes[i] = 0;
    }
}
