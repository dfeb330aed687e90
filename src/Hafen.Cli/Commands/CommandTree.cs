using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Commands;

/// <summary>All commands by name. Nothing is made but the command that runs.</summary>
internal static class CommandTree
{
    private const string InsteadOfPull = "; load an archive with 'hafen load', or import a root file system with 'hafen import'";
    private const string InsteadOfPush = "; write an archive with 'hafen save'";
    private const string InsteadOfBuild = "; make an image of a root file system with 'hafen import'";

    private static IReadOnlyList<CommandEntry> ContainerVerbs { get; } =
    [
        new("attach", "Attach the standard streams to a running container", static () => new Containers.Attach()),
        new("create", "Create a new container", static () => new Containers.Create()),
        new("exec", "Execute a command in a running container", static () => new Containers.Exec()),
        new("inspect", "Display detailed information on one or more containers", static () => new Containers.Inspect()),
        new("kill", "Kill one or more running containers", static () => new Containers.Kill()),
        new("logs", "Fetch the logs of a container", static () => new Containers.Logs()),
        new("ls", "List containers", static () => new Containers.List()) { Aliases = ["list", "ps"] },
        new("pause", "Pause all processes within one or more containers", static () => new Containers.Pause()),
        new("prune", "Remove all stopped containers", static () => new Containers.Prune()),
        new("rename", "Rename a container", static () => new Containers.Rename()),
        new("restart", "Restart one or more containers", static () => new Containers.Restart()),
        new("rm", "Remove one or more containers", static () => new Containers.Remove()) { Aliases = ["remove"] },
        new("run", "Create and run a new container from an image", static () => new Containers.Run()),
        new("start", "Start one or more stopped containers", static () => new Containers.Start()),
        new("stop", "Stop one or more running containers", static () => new Containers.Stop()),
        new("top", "Display the running processes of a container", static () => new Containers.Top()),
        new("unpause", "Unpause all processes within one or more containers", static () => new Containers.Unpause()),
        new("wait", "Wait until containers stop, then print their exit codes", static () => new Containers.Wait()),
        .. new[] { "commit", "cp", "diff", "export", "port", "stats", "update" }.Select(name => Refused(name, "")),
    ];

    private static IReadOnlyList<CommandEntry> ImageVerbs { get; } =
    [
        new("history", "Show the history of an image", static () => new Images.History()),
        new("import", "Import the contents from a tarball to create a filesystem image", static () => new Images.Import()),
        new("inspect", "Display detailed information on one or more images", static () => new Images.Inspect()),
        new("load", "Load an image from a tar archive or STDIN", static () => new Images.Load()),
        new("ls", "List images", static () => new Images.List()) { Aliases = ["list"] },
        new("prune", "Remove unused images", static () => new Images.Prune()),
        new("rm", "Remove one or more images", static () => new Images.Remove()) { Aliases = ["remove"] },
        new("save", "Save images to a tar archive (to STDOUT unless a file is named)", static () => new Images.Save()),
        new("tag", "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE", static () => new Images.Tag()),
        Refused("pull", InsteadOfPull),
        Refused("push", InsteadOfPush),
        Refused("build", InsteadOfBuild),
    ];

    private static IReadOnlyList<CommandEntry> SystemVerbs { get; } =
    [
        new("df", "Show disk usage", static () => new Daemon.DiskUsage()),
        new("events", "Get real time events from the daemon", static () => new Daemon.Events()),
        new("info", "Display system-wide information", static () => new Daemon.Info()),
        new("prune", "Remove unused data", static () => new Daemon.Prune()),
    ];

    public static IReadOnlyList<CommandEntry> Root { get; } =
    [
        .. Verbs(ContainerVerbs, "run", "exec").Select(Common),
        new("ps", "List containers", static () => new Containers.List()) { Section = HelpSection.Common },
        new("images", "List images", static () => new Images.List()) { Section = HelpSection.Common },
        new("version", "Show the version information", static () => new Daemon.Version()) { Section = HelpSection.Common },
        Common(Verbs(SystemVerbs, "info")[0]),
        new("container", "Manage containers", null) { Children = static () => ContainerVerbs, Section = HelpSection.Management },
        new("image", "Manage images", null) { Children = static () => ImageVerbs, Section = HelpSection.Management },
        new("system", "Manage Hafen", null) { Children = static () => SystemVerbs, Section = HelpSection.Management },
        .. Verbs(ContainerVerbs, "attach", "create"),
        .. Verbs(SystemVerbs, "events"),
        .. Verbs(ImageVerbs, "history", "import"),
        new("inspect", "Return low-level information on objects", static () => new Daemon.Inspect()),
        .. Verbs(ContainerVerbs, "kill"),
        .. Verbs(ImageVerbs, "load"),
        .. Verbs(ContainerVerbs, "logs", "pause", "rename", "restart", "rm"),
        new("rmi", "Remove one or more images", static () => new Images.Remove()),
        .. Verbs(ImageVerbs, "save"),
        .. Verbs(ContainerVerbs, "start", "stop"),
        .. Verbs(ImageVerbs, "tag"),
        .. Verbs(ContainerVerbs, "top", "unpause", "wait"),
        Refused("pull", InsteadOfPull),
        Refused("push", InsteadOfPush),
        Refused("build", InsteadOfBuild),
        Refused("commit", ""),
        Refused("cp", "; pipe a tar archive through 'hafen exec -i'"),
        Refused("export", "; pipe a tar archive out of 'hafen exec'"),
        .. new[]
        {
            "builder", "buildx", "checkpoint", "compose", "config", "context", "diff", "login", "logout", "manifest", "network", "node", "plugin",
            "port", "search", "secret", "service", "stack", "stats", "swarm", "trust", "update", "volume",
        }.Select(name => Refused(name, "")),
    ];

    private static IReadOnlyList<CommandEntry> Verbs(IReadOnlyList<CommandEntry> group, params string[] names)
        => [.. names.Select(name => group.First(entry => entry.Name == name))];

    private static CommandEntry Common(CommandEntry entry) => entry with { Section = HelpSection.Common };

    private static CommandEntry Refused(string name, string instead) => new(name, "", null) { Refusal = instead };
}
