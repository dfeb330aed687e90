using Hafen.Engine.Containers;
using Hafen.Linux;
using Hafen.Linux.Events;
using Hafen.Linux.Processes;
using Hafen.Linux.Procfs;

namespace Hafen.Engine.Exec;

/// <summary>Ends all that an exec has begun: its process leads a session, and its children are of that session unless they left it on purpose.</summary>
internal sealed class KillExec(ContainerCgroups cgroups)
{
    // Who forks faster than this reads is the container's own limit of processes to stop.
    private const int Rounds = 20;

    /// <param name="container">Whose processes are looked through; no other's are touched.</param>
    /// <param name="session">Pid of the exec's process on the host. It names the session also when the process has ended.</param>
    public void Run(Container container, int session)
    {
        if (session <= 0)
            return;
        using var cgroup = cgroups.Open(container);
        for (int round = 0; round < Rounds; round++)
        {
            bool found = false;
            foreach (int pid in cgroup.Pids())
                found |= KillMember(pid, session);
            if (!found)
                return;
        }
    }

    private static bool KillMember(int pid, int session)
    {
        try
        {
            if (!IsMember(pid, session))
                return false;
            using var process = Pidfd.Open(pid);
            // Held now; until here the number could have become another's.
            return IsMember(pid, session) && Pidfd.SendSignal(process.Number, SignalMask.SIGKILL);
        }
        catch (LinuxException)
        {
            // It has ended.
            return false;
        }
    }

    private static bool IsMember(int pid, int session) =>
        ProcessStat.TryRead(pid, out var stat) && stat.Session == session && stat.State is not ('Z' or 'X');
}
