using Hafen.Cli.CommandLine;
using Hafen.Cli.Commands;

namespace Hafen.Cli.Tests.CommandLine;

public sealed class HelpTextTests
{
    [Fact]
    public void Options_are_sorted_aligned_and_wrapped()
    {
        var flags = new FlagSet();
        flags.Text("workdir", 'w', "Working folder inside the container that the process starts in, if it exists");
        flags.Switch("all", 'a', "All");
        flags.Integer("last", 'n', "Last", -1);
        flags.Text("hidden", '\0', "Not shown", hidden: true);
        Assert.Equal(
            "  -a, --all              All\n"
            + "  -n, --last int         Last (default -1)\n"
            + "  -w, --workdir string   Working folder inside the container that the\n"
            + "                         process starts in, if it exists\n",
            OptionList.Render(flags.All, 79));
    }

    [Fact]
    public void A_verbs_help_has_dockers_layout()
    {
        Assert.Equal(
            "Usage:  hafen container rm [OPTIONS] CONTAINER [CONTAINER...]\n\nRemove one or more containers\n\nAliases:\n"
            + "  hafen container rm, hafen container remove, hafen rm\n\nOptions:\n"
            + "  -f, --force     Remove a running container too (it gets SIGKILL)\n  -l, --link      Remove the given link\n"
            + "  -v, --volumes   Remove the container's anonymous volumes\n",
            HelpText.OfCommand("hafen container rm", new Cli.Commands.Containers.Remove(), 80));
    }

    [Fact]
    public void Every_command_can_be_made_and_describes_itself()
    {
        var names = new List<string>();
        foreach (var entry in CommandTree.Root.Concat(CommandTree.Root.Where(group => group.Children is not null).SelectMany(group => group.Children!())))
        {
            if (entry.Create is null)
                continue;
            var command = entry.Create();
            names.Add(entry.Name);
            Assert.NotEmpty(command.Summary);
            Assert.Equal(entry.Summary, command.Summary);
            Assert.Equal(command.Flags.All.Count, command.Flags.All.Select(flag => flag.Name).Distinct().Count());
            var shorthands = command.Flags.All.Where(flag => flag.Shorthand != '\0').Select(flag => flag.Shorthand).ToList();
            Assert.Equal(shorthands.Count, shorthands.Distinct().Count());
            foreach (string alias in command.Aliases)
                AssertReachable(alias);
            Assert.Throws<HelpRequestedException>(() => FlagParser.Parse(command.Flags, ["--help"], command.Interspersed));
        }

        Assert.True(names.Count > 40);
    }

    private static void AssertReachable(string alias)
    {
        string[] words = alias.Split(' ')[1..];
        var level = CommandTree.Root;
        foreach (string word in words)
        {
            var entry = level.FirstOrDefault(candidate => candidate.Answers(word));
            Assert.True(entry is { Refusal: null }, alias);
            level = entry!.Children?.Invoke() ?? [];
        }
    }
}
