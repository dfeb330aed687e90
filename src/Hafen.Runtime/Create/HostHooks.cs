using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;
using Hafen.Linux.Sockets;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;

namespace Hafen.Runtime.Create;

/// <summary>Runs hooks in the runtime's own namespaces: prestart, createRuntime, poststart, poststop.</summary>
public static unsafe class HostHooks
{
    private const int SIGKILL = 9, POLLIN = 1;

    /// <summary>Runs hooks in order, each with the state on its stdin.</summary>
    /// <exception cref="RuntimeException">A hook failed or took too long; those after it did not run.</exception>
    public static void Run(SpecHook[]? hooks, string kind, byte[] state)
    {
        foreach (var hook in hooks ?? [])
            Run(hook, kind, state);
    }

    /// <summary>
    /// The same for poststart and poststop hooks, whose failures change nothing (runtime-spec, runtime.md#lifecycle): each is told, and all hooks run.
    /// </summary>
    /// <param name="hooks">The hooks, or null.</param>
    /// <param name="kind">Their name in the specification.</param>
    /// <param name="state">The state as JSON.</param>
    /// <param name="warn">Gets the message of each failure.</param>
    public static void RunAll(SpecHook[]? hooks, string kind, byte[] state, Action<string> warn)
    {
        foreach (var hook in hooks ?? [])
        {
            try
            {
                Run(hook, kind, state);
            }
            catch (RuntimeException exception)
            {
                warn(exception.Message);
            }
        }
    }

    private static void Run(SpecHook hook, string kind, byte[] state)
    {
        string stage = $"error running {kind} hook {hook.Path}";
        using var input = new Descriptor(MemoryFile.Create("state", state));
        SystemCall.Call(SystemCall.lseek, input.Number);
        int pid;
        try
        {
            pid = PosixSpawn.Start(new SpawnRequest
            {
                Path = hook.Path,
                Arguments = hook.Args is { Length: > 0 } arguments ? arguments : [hook.Path],
                Environment = hook.Env ?? [],
                Descriptors = [(input.Number, 0), (1, 1), (2, 2)],
            });
        }
        catch (LinuxException exception)
        {
            throw new RuntimeException(ErrorKind.System, stage, $"{stage}: {Errno.Text(exception.Number)}", exception.Number);
        }

        bool inTime = WaitAtMost(pid, hook.Timeout);
        if (!inTime)
            ProcessControl.Kill(pid, SIGKILL);
        var exit = Children.Wait(pid);
        if (!inTime)
            throw new RuntimeException(ErrorKind.System, stage, $"{stage}: hook ran past specified timeout of {hook.Timeout}.0s");
        if (exit.ExitCode != 0)
            throw new RuntimeException(ErrorKind.System, stage, $"{stage}: exit status {exit.ExitCode}");
    }

    private static bool WaitAtMost(int pid, int? seconds)
    {
        if (seconds is not > 0)
            return true;
        using var descriptor = Pidfd.Open(pid);
        int* entry = stackalloc int[] { descriptor.Number, POLLIN };
        long* time = stackalloc long[] { seconds.Value, 0 };
        return SystemCall.Call(SystemCall.ppoll, (nint)entry, 1, (nint)time) != 0;
    }
}
