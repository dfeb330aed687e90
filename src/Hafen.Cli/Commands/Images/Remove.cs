using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;
using Hafen.Client.Errors;

namespace Hafen.Cli.Commands.Images;

/// <summary><c>hafen rmi</c>.</summary>
internal sealed class Remove : Command
{
    private readonly ValueFlag<bool> _force;
    private readonly ValueFlag<bool> _keepParents;
    private readonly ListFlag<string> _platforms;

    public Remove()
        : base("[OPTIONS] IMAGE [IMAGE...]", "Remove one or more images")
    {
        Arguments = ArgumentRule.AtLeast(1);
        Aliases = ["hafen image rm", "hafen image remove", "hafen rmi"];
        _force = Flags.Switch("force", 'f', "Remove the image even if stopped containers use it");
        _keepParents = Flags.Switch("no-prune", '\0', "Keep untagged parents");
        _platforms = Flags.List("platform", '\0', "Remove only this platform (os/arch)", static text => PlatformSpec.Parse(text).ToJson(), "strings");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        bool fatal = false;
        var failures = new List<string>();
        foreach (string name in arguments)
        {
            try
            {
                foreach (var item in session.Client.Images.Remove(name, _force.Value, _keepParents.Value, _platforms.Values).Run())
                    session.Streams.WriteLine(string.IsNullOrEmpty(item.Deleted) ? $"Untagged: {item.Untagged}" : $"Deleted: {item.Deleted}");
            }
            catch (Exception exception) when (exception is ApiException or InvalidNameException)
            {
                fatal |= !_force.Value || exception is not ApiException { IsNotFound: true };
                failures.Add(CommandLineProgram.FailureText(exception)!);
            }
        }

        foreach (string failure in failures)
            session.Streams.WriteErrorLine(failure);
        return fatal ? 1 : 0;
    }
}
