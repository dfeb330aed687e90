using Hafen.Linux.Processes;

namespace Hafen.Init;

/// <summary>The two actions that are no function of ours. Callable in the child of a clone.</summary>
internal static unsafe class SignalAction
{
    public const nint Default = 0, Ignore = 1;

    /// <summary>The kernel's <c>struct sigaction</c> begins with the action; the rest stays zero.</summary>
    public static void Set(int signal, nint action)
    {
        const int Size = 4;
        nint* structure = stackalloc nint[Size] { action, 0, 0, 0 };
        SystemCall.Direct(SystemCall.rt_sigaction, signal, (nint)structure, 0, sizeof(ulong));
    }
}
