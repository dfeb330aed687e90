using Hafen.Runtime.Cli.Options;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary><c>create [options] ID</c>: a container that waits for <c>start</c>.</summary>
internal static class CreateVerb
{
    public static int Run(GlobalOptions global)
    {
        var options = VerbOptions.Parse(global.Rest, Launch.Flags, Launch.Valued);
        using var launch = Launch.Create(global.States, options, waitByFifo: true);
        return 0;
    }
}
