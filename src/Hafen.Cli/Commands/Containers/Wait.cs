using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen wait</c>.</summary>
internal sealed class Wait : Command
{
    public Wait()
        : base("CONTAINER [CONTAINER...]", "Wait until containers stop, then print their exit codes")
    {
        Arguments = ArgumentRule.AtLeast(1);
        Aliases = ["hafen container wait", "hafen wait"];
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
        => EachObject.Run(session, arguments, name => session.Client.Containers.Wait(name).Run().StatusCode.ToString());
}
