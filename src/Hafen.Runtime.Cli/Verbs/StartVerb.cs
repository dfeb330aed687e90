using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;
using Hafen.Runtime.Cli.Options;
using Hafen.Runtime.Create;
using Hafen.Runtime.Errors;
using Hafen.Runtime.State;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary><c>start ID</c>: lets a created container execute its process; returns when it has, or has failed to.</summary>
internal static unsafe class StartVerb
{
    public static int Run(GlobalOptions global)
    {
        var options = VerbOptions.Parse(global.Rest, [], []);
        var states = global.States;
        var stored = states.Load(options.Id);
        var status = states.StatusOf(stored);
        if (!status.CanStart())
        {
            throw new RuntimeException(ErrorKind.NotRunning, "start",
                status switch
                {
                    ContainerStatus.Stopped => "cannot start a container that has stopped",
                    ContainerStatus.Paused => "cannot start a container in the paused state",
                    _ => "cannot start an already running container",
                });
        }

        // Opening fails when init, which holds the other end, has gone; removing the file is what makes the container "running", and lets
        // only one of two starts through.
        string fifo = states.FifoOf(stored.Id);
        using var channel = Files.Open(fifo, OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK);
        File.Delete(fifo);
        int result = Files.Write(channel.Number, "S"u8);
        if (result < 0)
            throw new RuntimeException(ErrorKind.NotRunning, "start", $"the container's init has gone: {Errno.Text(-result)}", -result);
        WaitUntilExecuted(channel.Number);

        var spec = states.LoadSpec(stored.Id);
        HostHooks.RunAll(spec.Hooks?.Poststart, "poststart", HookInput.WithPid(stored.Id, stored.Bundle, "running", spec, stored.Pid), ErrorLog.Warn);
        return 0;
    }

    /// <summary>Init's end closes at execve, or with init: the pipe then has no reader, which poll reports unasked (POLLERR).</summary>
    private static void WaitUntilExecuted(int channel)
    {
        int* entry = stackalloc int[] { channel, 0 };
        nint result;
        do
            result = SystemCall.Call(SystemCall.ppoll, (nint)entry, 1);
        while (result == -Errno.EINTR);
    }
}
