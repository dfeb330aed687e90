using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Events;
using Hafen.Runtime.Cli;
using Hafen.Runtime.Cli.Options;
using Hafen.Runtime.Cli.Verbs;
using Hafen.Runtime.Errors;

string? logFile = null;
bool logAsJson = false;
string? verb = null;
try
{
    // The monitor is started by the daemon from a copy that is sealed already.
    if (args is ["monitor", ..])
        return Hafen.Monitor.MonitorProgram.Run(args.AsSpan(1));

    // Who ignores SIGCHLD must not keep this process from learning how its children end.
    SignalDispositions.TakeBack(SignalMask.SIGCHLD);
    var global = GlobalOptions.Parse(args);
    (logFile, logAsJson, verb) = (global.LogFile, global.LogAsJson, global.Verb);
    if (global.Version)
        return Usage.PrintVersion();
    if (global.Help || verb is null or "help")
        return Usage.Print();
    if (verb is "create" or "run" or "exec")
        GuardedSelf.Ensure(args);
    return verb switch
    {
        "create" => CreateVerb.Run(global),
        "start" => StartVerb.Run(global),
        "run" => RunVerb.Run(global),
        "exec" => ExecVerb.Run(global),
        "kill" => KillVerb.Run(global),
        "delete" => DeleteVerb.Run(global),
        "state" => StateVerb.Run(global),
        "list" => ListVerb.Run(global),
        "ps" => PsVerb.Run(global),
        "events" => EventsVerb.Run(global),
        "update" => UpdateVerb.Run(global),
        "pause" => FreezeVerbs.Pause(global),
        "resume" => FreezeVerbs.Resume(global),
        "features" => FeaturesVerb.Run(),
        "spec" => SpecVerb.Run(global),
        _ => throw new UsageException($"No help topic for '{verb}'"),
    };
}
catch (UsageException exception)
{
    ErrorLog.Write(logFile, logAsJson, exception.Message);
    return 1;
}
catch (RuntimeException exception)
{
    // runc's wording: what wants to start a process says so first.
    string prefix = verb is "create" or "run" ? "unable to start container process: " : verb == "exec" ? "exec failed: unable to start container process: " : "";
    ErrorLog.Write(logFile, logAsJson, prefix + exception.Message);
    return exception.Failure.Kind switch
    {
        ErrorKind.CommandNotFound when verb == "exec" => 255,
        ErrorKind.CommandNotExecutable when verb == "exec" => 255,
        _ => 1,
    };
}
catch (Exception exception) when (exception is LinuxException or CgroupException or IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
{
    ErrorLog.Write(logFile, logAsJson, exception.Message);
    return 1;
}
