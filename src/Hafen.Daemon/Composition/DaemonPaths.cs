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

    /// <summary>
    /// Makes the folders. The data root is closed to other users of the host, whatever it was before: a container's root can leave a setuid file in a
    /// volume, and who can reach it becomes root (CVE-2021-41091). Nobody needs the way: what containers get of it is mounted by root. What lies directly
    /// below is closed, too, in case somebody opens the root or mounts a part of it elsewhere. The exec root stays passable: the socket may lie there.
    /// </summary>
    public void Prepare()
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        const UnixFileMode closed = owner | UnixFileMode.GroupExecute;
        Directory.CreateDirectory(Root, closed);
        Directory.CreateDirectory(RunRoot, closed | UnixFileMode.OtherExecute);
        Narrow(Root, closed);
        foreach (var folder in new DirectoryInfo(Root).EnumerateDirectories())
        {
            // A link leads to a place of the operator's.
            if (folder.LinkTarget is null)
                Narrow(folder.FullName, closed);
        }
    }

    private static void Narrow(string folder, UnixFileMode allowed)
    {
        var mode = File.GetUnixFileMode(folder);
        if ((mode & ~allowed) != 0)
            File.SetUnixFileMode(folder, mode & allowed);
    }
}
