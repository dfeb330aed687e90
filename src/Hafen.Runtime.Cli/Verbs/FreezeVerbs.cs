using Hafen.Errors;
using Hafen.Runtime.Cli.Options;
using Hafen.Runtime.Errors;
using Hafen.Runtime.State;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary><c>pause ID</c> and <c>resume ID</c>.</summary>
internal static class FreezeVerbs
{
    public static int Pause(GlobalOptions global)
    {
        var stored = global.States.Load(VerbOptions.Parse(global.Rest, [], []).Id);
        var status = global.States.StatusOf(stored);
        if (!status.CanPause())
            throw new RuntimeException(ErrorKind.NotRunning, "pause", "container not running or created: " + status.Word());
        using var cgroup = StateFolder.CgroupOf(stored);
        cgroup.Freeze();
        return 0;
    }

    public static int Resume(GlobalOptions global)
    {
        var stored = global.States.Load(VerbOptions.Parse(global.Rest, [], []).Id);
        if (global.States.StatusOf(stored) != ContainerStatus.Paused)
            throw new RuntimeException(ErrorKind.NotRunning, "resume", "container not paused");
        using var cgroup = StateFolder.CgroupOf(stored);
        cgroup.Thaw();
        return 0;
    }
}
