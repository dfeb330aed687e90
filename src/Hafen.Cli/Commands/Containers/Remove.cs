using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;
using Hafen.Client.Errors;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen rm</c>.</summary>
internal sealed class Remove : Command
{
    private readonly ValueFlag<bool> force;
    private readonly ValueFlag<bool> link;
    private readonly ValueFlag<bool> volumes;

    public Remove()
        : base("[OPTIONS] CONTAINER [CONTAINER...]", "Remove one or more containers")
    {
        Arguments = ArgumentRule.AtLeast(1);
        Aliases = ["hafen container rm", "hafen container remove", "hafen rm"];
        force = Flags.Switch("force", 'f', "Remove a running container too (it gets SIGKILL)");
        link = Flags.Switch("link", 'l', "Remove the given link");
        volumes = Flags.Switch("volumes", 'v', "Remove the container's anonymous volumes");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var code = 0;
        foreach (var argument in arguments)
        {
            var name = argument.Trim('/');
            try
            {
                if (name.Length == 0) throw new ApiException(400, "Container name cannot be empty");
                session.Client.Containers.Remove(name, volumes.Value, link.Value, force.Value);
                session.Streams.WriteLine(argument);
            }
            catch (ApiException failure)
            {
                session.Streams.WriteErrorLine(CommandLineProgram.FailureText(failure)!);

                // What is forced to be gone and is not there is as wished.
                if (!force.Value || !failure.IsNotFound) code = 1;
            }
        }

        return code;
    }
}
