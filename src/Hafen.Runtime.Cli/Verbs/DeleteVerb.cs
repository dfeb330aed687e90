using Hafen.Errors;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Processes;
using Hafen.Runtime.Cli.Options;
using Hafen.Runtime.Create;
using Hafen.Runtime.Errors;
using Hafen.Runtime.State;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary><c>delete [--force] ID</c>.</summary>
internal static class DeleteVerb
{
    private const int SIGKILL = 9;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    public static int Run(GlobalOptions global)
    {
        var options = VerbOptions.Parse(global.Rest, ["force|f"], []);
        var states = global.States;
        StoredContainer stored;
        try
        {
            stored = states.Load(options.Id);
        }
        catch (RuntimeException exception) when (options.Has("force") && exception.Failure.Kind == ErrorKind.NotRunning)
        {
            // Not there, as wanted; what an interrupted create has left may be.
            RemoveRemains(states, options.Id);
            return 0;
        }

        var status = states.StatusOf(stored);
        if (status is ContainerStatus.Running or ContainerStatus.Paused && !options.Has("force"))
            throw new RuntimeException(ErrorKind.InvalidParameter, "delete", $"cannot delete container {stored.Id} that is not stopped: {status.Word()}");

        using (var cgroup = StateFolder.CgroupOf(stored))
        {
            // On cgroup v1 frozen processes do not even die: this signals all of them and lets them go.
            if (status == ContainerStatus.Paused)
                cgroup.Kill(SIGKILL);
            if (status != ContainerStatus.Stopped)
                KillInit(stored);
            // Others of the container, when it has no pid namespace that ended with init.
            cgroup.Kill(SIGKILL);
            cgroup.Destroy();
        }

        var spec = states.LoadSpec(stored.Id);
        states.Remove(stored.Id);
        HostHooks.RunAll(spec.Hooks?.Poststop, "poststop", HookInput.WithPid(stored.Id, stored.Bundle, "stopped", spec, 0), ErrorLog.Warn);
        return 0;
    }

    /// <summary>
    /// A create that was cut off before it recorded the container: its init ends by itself, the cgroup stays. Nothing is killed in there: the create may have
    /// been cut off before it found that the cgroup is somebody else's.
    /// </summary>
    private static void RemoveRemains(StateFolder states, string id)
    {
        if (states.TryLoadSpec(id) is { } spec)
        {
            using var cgroup = Cgroup.Open(CgroupHierarchies.Detect(), CreateContainer.CgroupPathOf(spec, id));
            cgroup.Destroy();
        }

        states.Remove(id);
    }

    private static void KillInit(StoredContainer stored)
    {
        using (var init = Pidfd.Open(stored.Pid))
        {
            if (StateFolder.IsAlive(stored))
                Pidfd.SendSignal(init.Number, SIGKILL);
        }

        // Its parent reaps it, which is somebody else; a zombie counts as ended.
        var deadline = DateTime.UtcNow + s_limit;
        while (StateFolder.IsAlive(stored))
        {
            if (DateTime.UtcNow > deadline)
                throw new RuntimeException(ErrorKind.System, "delete", "container init still running");
            Thread.Sleep(1);
        }
    }
}
