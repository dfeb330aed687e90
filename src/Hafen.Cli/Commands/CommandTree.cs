using Hafen.Cli.CommandLine;
using Hafen.Cli.Commands.Containers;

namespace Hafen.Cli.Commands;

/// <summary>All commands by name.</summary>
internal static class CommandTree
{
    public static IReadOnlyList<CommandEntry> Root { get; } =
    [
        new("run", "Create and run a new container from an image", static () => new Run()) { Section = HelpSection.Common },
        new("ps", "List containers", static () => new List()) { Section = HelpSection.Common },
        new("logs", "Fetch the logs of a container", static () => new Logs()),
    ];
}
