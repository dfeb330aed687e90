using System.Text;

namespace Hafen.Cli.CommandLine;

/// <summary>Help in docker's layout: usage, summary, aliases, commands, options.</summary>
internal static class HelpText
{
    /// <summary>Help of a verb.</summary>
    /// <param name="name">Full name, for example <c>hafen container run</c>.</param>
    /// <param name="command">The verb.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static string OfCommand(string name, Command command, int width)
    {
        var text = new StringBuilder();
        text.Append("Usage:  ").Append(UsageLine(name, command)).Append("\n\n").Append(command.Summary).Append('\n');
        if (command.Aliases.Count > 0)
            text.Append("\nAliases:\n  ").AppendJoin(", ", command.Aliases).Append('\n');
        string options = OptionList.Render(command.Flags.All, width - 1);
        if (options.Length > 0)
            text.Append("\nOptions:\n").Append(options);
        return text.ToString();
    }

    public static string UsageLine(string name, Command command) => command.Usage.Length == 0 ? name : $"{name} {command.Usage}";

    /// <summary>Help of a group such as <c>hafen container</c>.</summary>
    public static string OfGroup(string name, CommandEntry group)
    {
        var text = new StringBuilder();
        text.Append("Usage:  ").Append(name).Append(" COMMAND\n\n").Append(group.Summary).Append("\n\nCommands:\n");
        AppendCommands(text, group.Children!());
        return text.Append("\nRun '").Append(name).Append(" COMMAND --help' for more information on a command.\n").ToString();
    }

    /// <summary>Help of <c>hafen</c> itself.</summary>
    public static string OfRoot(IReadOnlyList<CommandEntry> commands, FlagSet globals, int width)
    {
        var text = new StringBuilder();
        text.Append("Usage:  hafen [OPTIONS] COMMAND\n\nRuns containers from images, and looks after both\n");
        AppendSection(text, "Common Commands", commands, HelpSection.Common);
        AppendSection(text, "Management Commands", commands, HelpSection.Management);
        AppendSection(text, "Commands", commands, HelpSection.Other);
        text.Append("\nGlobal Options:\n").Append(OptionList.Render(globals.All, width - 1));
        return text.Append("\nRun 'hafen COMMAND --help' for more information on a command.\n").ToString();
    }

    private static void AppendSection(StringBuilder text, string title, IReadOnlyList<CommandEntry> commands, HelpSection section)
    {
        var members = commands.Where(command => command.Section == section && !command.Hidden).ToList();
        if (members.Count == 0)
            return;
        text.Append('\n').Append(title).Append(":\n");
        AppendCommands(text, members);
    }

    private static void AppendCommands(StringBuilder text, IReadOnlyList<CommandEntry> commands)
    {
        const int nameWidth = 11;
        foreach (var command in commands)
        {
            if (command.Hidden)
                continue;
            text.Append("  ").Append(command.Name.PadRight(nameWidth)).Append(' ').Append(command.Summary).Append('\n');
        }
    }
}
