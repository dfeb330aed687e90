using Hafen.Errors;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Namespaces;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Create;

/// <summary>
/// Takes the calling thread into namespaces and, when disposed, back. A child can be put into a pid namespace only so, and into namespaces of the host's
/// user namespace only so when it is itself born in a new one.
/// </summary>
internal sealed class NamespaceDetour : IDisposable
{
    private readonly List<(Descriptor Home, ulong Flag)> _homes = [];

    /// <exception cref="RuntimeException">A namespace cannot be entered, or belongs to others.</exception>
    public NamespaceDetour(IReadOnlyList<(PlannedHandle Namespace, ulong Flag)> namespaces, PlannedHandle? pidOwner = null)
    {
        try
        {
            foreach (var (handle, flag) in namespaces)
            {
                using var target = handle.Open();
                if (flag == NamespaceFlags.CLONE_NEWPID && pidOwner is not null)
                    CheckOwner(target, pidOwner);
                var home = NamespaceFile.Open($"/proc/thread-self/ns/{FileOf(flag)}");
                try
                {
                    NamespaceFile.Enter(target.Number, flag);
                }
                catch
                {
                    home.Dispose();
                    throw;
                }

                _homes.Add((home, flag));
            }
        }
        catch (RuntimeException)
        {
            Dispose();
            throw;
        }
        catch (Linux.LinuxException exception)
        {
            Dispose();
            throw new RuntimeException(ErrorKind.System, "join namespace", $"join namespace: {exception.Message}", exception.Number);
        }
    }

    public void Dispose()
    {
        foreach (var (home, flag) in _homes)
        {
            NamespaceFile.Enter(home.Number, flag);
            home.Dispose();
        }

        _homes.Clear();
    }

    private static void CheckOwner(Descriptor pids, PlannedHandle owner)
    {
        using var user = owner.Open();
        if (!NamespaceFile.BelongsTo(pids.Number, user.Number))
            throw new RuntimeException(ErrorKind.InvalidParameter, "join namespace", "the pid namespace to join belongs to another user namespace than the one to join");
    }

    private static string FileOf(ulong flag) => flag switch
    {
        NamespaceFlags.CLONE_NEWPID => "pid",
        NamespaceFlags.CLONE_NEWNET => "net",
        NamespaceFlags.CLONE_NEWIPC => "ipc",
        NamespaceFlags.CLONE_NEWUTS => "uts",
        NamespaceFlags.CLONE_NEWCGROUP => "cgroup",
        _ => throw new ArgumentOutOfRangeException(nameof(flag), flag, "not a namespace that one thread can enter"),
    };
}
