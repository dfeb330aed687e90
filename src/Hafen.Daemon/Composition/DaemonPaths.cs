using Hafen.Daemon.Configuration;

namespace Hafen.Daemon.Composition;

/// <summary>Folders and executables of this daemon.</summary>
internal sealed record DaemonPaths(string Root, string RunRoot, string Runtime, string? Init, string Hello)
{
    public static DaemonPaths From(DaemonSettings settings)
    {
        // The executables are installed side by side.
        string beside = Path.GetDirectoryName(Environment.ProcessPath) ?? AppContext.BaseDirectory;
        string init = settings.InitPath ?? Path.Combine(beside, "hafen-init");
        return new DaemonPaths(
            Path.GetFullPath(settings.DataRoot ?? "/var/lib/hafen"),
            Path.GetFullPath(settings.ExecRoot ?? "/run/hafen"),
            settings.RuntimePath ?? Path.Combine(beside, "hafen-runtime"),
            File.Exists(init) ? init : null,
            Path.Combine(beside, "hello"));
    }

    /// <summary>Makes the folders, readable by root alone where they hold what containers must not see of each other.</summary>
    public void Prepare()
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        const UnixFileMode others = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(Root, owner | others);
        Directory.CreateDirectory(RunRoot, owner | others);
    }
}
