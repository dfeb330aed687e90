using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary>Refuses namespace modes that do not exist, before anything is sent.</summary>
internal static class NamespaceModes
{
    public static void Check(ContainerFlags flags)
    {
        if (!IsMode(flags.Pid.Value, allowContainer: true))
            throw new CommandException("--pid: invalid PID mode");
        if (!IsMode(flags.Uts.Value, allowContainer: false))
            throw new CommandException("--uts: invalid UTS mode");
        if (!IsMode(flags.Userns.Value, allowContainer: false))
            throw new CommandException("--userns: invalid USER mode");
        if (flags.Cgroupns.Value is not ("" or "host" or "private"))
            throw new CommandException("--cgroupns: invalid CGROUP mode");
    }

    private static bool IsMode(string mode, bool allowContainer)
        => mode is "" or "host" || (allowContainer && mode.StartsWith("container:", StringComparison.Ordinal) && mode.Length > "container:".Length);
}
