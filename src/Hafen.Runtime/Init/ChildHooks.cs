using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Namespaces;
using Hafen.Linux.Processes;
using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>Runs createContainer and startContainer hooks, which belong into the container's namespaces.</summary>
internal static unsafe class ChildHooks
{
    public static nint Run(ChildState* state, Step* step)
    {
        nint input = Input(step);
        if (input < 0)
            return input;
        int descriptor;
        clone_args arguments;
        byte* bytes = (byte*)&arguments;
        for (int i = 0; i < sizeof(clone_args); i++)
            bytes[i] = 0;
        const int SIGCHLD = 17;
        arguments.flags = NamespaceFlags.CLONE_PIDFD;
        arguments.pidfd = (ulong)&descriptor;
        arguments.exit_signal = SIGCHLD;
        nint pid = Direct(clone3, (nint)(&arguments), sizeof(clone_args));
        if (pid == 0)
        {
            ChildExecute.ResetSignals();
            Direct(dup3, input, 0);
            Direct(execve, (nint)step->Text, (nint)step->Strings, (nint)step->Environment);
            Child.Exit(127);
        }

        Direct(close, input);
        if (pid < 0)
            return pid;
        nint result = Wait(state, (int)pid, descriptor, step->Value);
        Direct(close, descriptor);
        return result;
    }

    /// <summary>The state as JSON in a memfd; a zero byte in the plan's text stands for the pid, which only this process knows.</summary>
    private static nint Input(Step* step)
    {
        nint file;
        fixed (byte* name = "state"u8)
            file = Direct(memfd_create, (nint)name, 1);
        if (file < 0)
            return file;
        int length = NativeText.Length(step->Data);
        byte* number = stackalloc byte[24];
        int digits = NativeText.WriteNumber(number, Direct(getpid));
        Direct(write, file, (nint)step->Data, length);
        Direct(write, file, (nint)number, digits);
        Direct(write, file, (nint)(step->Data + length + 1), (nint)(step->DataLength - length - 1));
        Direct(lseek, file, 0, 0);
        return file;
    }

    private static nint Wait(ChildState* state, int pid, int descriptor, long milliseconds)
    {
        const int POLLIN = 1, SIGKILL = 9;
        // struct pollfd and struct timespec.
        int* entry = stackalloc int[2];
        entry[0] = descriptor;
        entry[1] = POLLIN;
        long* time = stackalloc long[2];
        time[0] = milliseconds / 1000;
        time[1] = milliseconds % 1000 * 1_000_000;
        nint ready = Direct(ppoll, (nint)entry, 1, milliseconds < 0 ? 0 : (nint)time);
        if (ready == 0)
            Direct(kill, pid, SIGKILL);
        int status;
        nint result;
        do
            result = Direct(wait4, pid, (nint)(&status));
        while (result == -Errno.EINTR);
        if (result < 0)
            return result;
        if (ready == 0)
        {
            state->Detail = ChildDetail.HookTimeout;
            return -Errno.ETIMEDOUT;
        }

        if (status == 0)
            return 0;
        state->Detail = ChildDetail.HookStatus;
        return -((status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f));
    }
}
