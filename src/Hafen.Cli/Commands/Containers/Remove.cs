using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;
using Hafen.Client;
using Hafen.Client.Errors;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen rm</c>.</summary>
internal sealed class Remove : Command
{
    private readonly ValueFlag<bool> _force;
    private readonly ValueFlag<bool> _link;
    private readonly ValueFlag<bool> _volumes;

    public Remove()
        : base("[OPTIONS] CONTAINER [CONTAINER...]", "Remove one or more containers")
    {
        Arguments = ArgumentRule.AtLeast(1);
        Aliases = ["hafen container rm", "hafen container remove", "hafen rm"];
        _force = Flags.Switch("force", 'f', "Remove a running container too (it gets SIGKILL)");
        _link = Flags.Switch("link", 'l', "Remove the given link");
        _volumes = Flags.Switch("volumes", 'v', "Remove the container's anonymous volumes");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
        => EachObject.RunTogether(session, arguments, RemoveOne, IsAsWished);

    private void RemoveOne(EngineClient client, string argument)
    {
        string name = argument.Trim('/');
        if (name.Length == 0)
            throw new InvalidNameException("container name cannot be empty");
        client.Containers.Remove(name, _volumes.Value, _link.Value, _force.Value).Run();
    }

    /// <summary>What is forced to be gone and is not there is as wished.</summary>
    private bool IsAsWished(Exception failure) => _force.Value && failure is ApiException { IsNotFound: true };
}
