using Hafen.Cli.Session;

namespace Hafen.Cli.Commands;

/// <summary>Commands that do one thing to many objects: what fails is reported, and the others are done all the same.</summary>
internal static class EachObject
{
    /// <summary>Does it to each and prints the name of each that it worked for.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(CliSession session, IReadOnlyList<string> names, Action<string> action)
        => Run(session, names, name =>
        {
            action(name);
            return name;
        });

    /// <summary>Does it to each and prints what it gives.</summary>
    public static int Run(CliSession session, IReadOnlyList<string> names, Func<string, string> action)
    {
        var code = 0;
        foreach (var name in names)
        {
            try
            {
                session.Streams.WriteLine(action(name));
            }
            catch (Client.Errors.ApiException failure)
            {
                session.Streams.WriteErrorLine(CommandLineProgram.FailureText(failure)!);
                code = 1;
            }
        }

        return code;
    }
}
