using System.Text;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Tables;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen top</c>.</summary>
internal sealed class Top : Command
{
    private const int MinimumWidth = 20;

    public Top()
        : base("CONTAINER [ps OPTIONS]", "Display the running processes of a container")
    {
        Arguments = ArgumentRule.AtLeast(1);
        Interspersed = false;
        Aliases = ["hafen container top", "hafen top"];
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var top = session.Client.Containers.Top(arguments[0], string.Join(' ', arguments.Skip(1))).Run();
        var text = new StringBuilder().AppendJoin('\t', top.Titles).Append('\n');
        foreach (string[] process in top.Processes)
            text.AppendJoin('\t', process).Append('\n');
        session.Streams.Write(TabWriter.Align(text.ToString(), MinimumWidth));
        return 0;
    }
}
