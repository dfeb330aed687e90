using Hafen.Linux;
using Hafen.Linux.Events;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;
using Hafen.Linux.Terminals;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary>Stays beside a process: hands it this process's signals, copies between its terminal and ours, and reports its exit.</summary>
internal static unsafe class Foreground
{
    private const int POLLIN = 1, POLLHUP = 16, BufferSize = 32768;

    // Whatever a user or a supervisor may mean for the container. Not what tells of this process itself (faults, broken pipes, its children), and not the
    // first of the real-time signals, which are the C library's and the runtime's.
    private static readonly int[] s_forwarded =
    [
        SignalMask.SIGHUP, SignalMask.SIGINT, SignalMask.SIGQUIT, 10, 12, 14, SignalMask.SIGTERM, 16, 18, 20, 21, 22, 24, 25, 26, 27, SignalMask.SIGWINCH, 29, 30,
        .. Enumerable.Range(35, 30),
    ];

    /// <summary>From here on signals wait for <see cref="Wait"/>: none ends this process while the container lives on without it.</summary>
    public static void HoldSignals() => SignalMask.BlockInRuntime(s_forwarded);

    /// <summary>Returns the exit code. <see cref="HoldSignals"/> comes before the process runs.</summary>
    /// <param name="pid">The child.</param>
    /// <param name="pidDescriptor">Its pidfd.</param>
    /// <param name="master">Its terminal's master, owned from now on, or -1.</param>
    public static int Wait(int pid, int pidDescriptor, int master)
    {
        using var terminal = master >= 0 ? new Descriptor(master) : null;
        using var signals = new SignalDescriptor(s_forwarded);
        TerminalAttributes? before = terminal is not null && Terminal.IsTerminal(0) ? Terminal.MakeRaw(0) : null;
        try
        {
            if (terminal is not null)
                TakeSize(terminal.Number);
            Loop(pidDescriptor, signals, terminal);
        }
        finally
        {
            if (before is { } attributes)
                Terminal.Restore(0, attributes);
        }

        return Children.Wait(pid).ExitCode;
    }

    private static void Loop(int pidDescriptor, SignalDescriptor signals, Descriptor? terminal)
    {
        byte[] buffer = new byte[BufferSize];
        // struct pollfd four times: number and events in eight bytes.
        int* entries = stackalloc int[8];
        int input = terminal is null ? -1 : 0;
        int output = terminal?.Number ?? -1;
        bool ended = false;
        // After the end only what is already in the terminal is still to be copied: other holders of it do not count.
        long* time = stackalloc long[] { 0, 50_000_000 };
        while (!ended || output >= 0)
        {
            Set(entries, 0, ended ? -1 : pidDescriptor);
            Set(entries, 1, signals.Number);
            Set(entries, 2, input);
            Set(entries, 3, output);
            nint ready = SystemCall.Call(SystemCall.ppoll, (nint)entries, 4, ended ? (nint)time : 0);
            if (ready == -Errno.EINTR)
                continue;
            if (ready <= 0)
                return;
            if (Has(entries, 1))
                Forward(signals, pidDescriptor, terminal);
            if (Has(entries, 2) && !Copy(0, terminal!.Number, buffer))
                input = -1;
            if (Has(entries, 3) && !Copy(output, 1, buffer))
                output = -1;
            if (Has(entries, 0))
                ended = true;
        }
    }

    private static void Forward(SignalDescriptor signals, int pidDescriptor, Descriptor? terminal)
    {
        while (signals.Take() is > 0 and var signal)
        {
            if (signal == SignalMask.SIGWINCH && terminal is not null)
                TakeSize(terminal.Number);
            else
                Pidfd.SendSignal(pidDescriptor, signal);
        }
    }

    private static void TakeSize(int master)
    {
        if (Terminal.TryGetWindowSize(0, out var size))
            Terminal.SetWindowSize(master, size);
    }

    private static bool Copy(int from, int to, byte[] buffer)
    {
        int length = Files.Read(from, buffer);
        if (length <= 0)
            return false;
        for (int done = 0; done < length;)
        {
            int written = Files.Write(to, buffer.AsSpan(done, length - done));
            if (written < 0)
                return false;
            done += written;
        }

        return true;
    }

    private static void Set(int* entries, int index, int descriptor)
    {
        entries[index * 2] = descriptor;
        entries[index * 2 + 1] = POLLIN;
    }

    private static bool Has(int* entries, int index) => entries[index * 2] >= 0 && (entries[index * 2 + 1] >> 16 & (POLLIN | POLLHUP)) != 0;
}
