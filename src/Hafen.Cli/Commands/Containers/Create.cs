using Hafen.Api;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Commands.Containers.Options;
using Hafen.Cli.Session;
using Hafen.Client.Errors;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen create</c>.</summary>
internal sealed class Create : Command
{
    private readonly ContainerFlags _options;

    public Create()
        : base("[OPTIONS] IMAGE [COMMAND] [ARG...]", "Create a new container")
    {
        Arguments = ArgumentRule.AtLeast(1);
        Interspersed = false;
        Aliases = ["hafen container create", "hafen create"];
        _options = new ContainerFlags(Flags);
        Flags.Refuse(new RefusedFlag("use-api-socket"));
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        ContainerCreateRequest request;
        try
        {
            request = ContainerCreation.Request(session, _options, arguments);
        }
        catch (CommandException exception)
        {
            throw new CommandException($"hafen: {exception.Message}\n\nRun 'hafen create --help' for more information", 125);
        }

        session.Streams.WriteLine(ContainerCreation.Create(session, _options, request));
        return 0;
    }
}
