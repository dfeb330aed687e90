using Hafen.Runtime.Cli.Options;
using Hafen.Runtime.Create;
using Hafen.Runtime.Errors;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary><c>run [options] ID</c>: create, start and, unless detached, wait and remove.</summary>
internal static class RunVerb
{
    public static int Run(GlobalOptions global)
    {
        var options = VerbOptions.Parse(global.Rest, Launch.Flags, Launch.Valued);
        using var launch = Launch.Create(global.States, options, waitByFifo: false);
        var container = launch.Container;
        bool foreground = !options.Has("detach");
        if (foreground)
            Foreground.HoldSignals();
        try
        {
            container.Start();
            container.WaitStarted();
        }
        catch (RuntimeException)
        {
            launch.Abandon();
            throw;
        }

        HostHooks.RunAll(launch.Spec.Hooks?.Poststart, "poststart",
            HookInput.WithPid(launch.Stored.Id, launch.Stored.Bundle, "running", launch.Spec, container.Pid), ErrorLog.Warn);
        if (!foreground)
            return 0;
        int code = Foreground.Wait(container.Pid, container.PidDescriptor, container.TakeTerminal());
        if (!options.Has("keep"))
            launch.Remove();
        return code;
    }
}
