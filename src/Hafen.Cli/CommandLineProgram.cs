using Hafen.Cli.CommandLine;
using Hafen.Cli.Commands;
using Hafen.Cli.Formatting.Templates;
using Hafen.Cli.Session;
using Hafen.Client.Errors;

namespace Hafen.Cli;

/// <summary>Finds the command, parses its flags, runs it, and turns failures into messages and exit codes.</summary>
internal static class CommandLineProgram
{
    /// <summary>Exit code for a command line that is not understood.</summary>
    private const int UsageExitCode = 125;

    public static int Run(IReadOnlyList<string> words, CliStreams streams, Func<string, string?> environment)
    {
        try
        {
            return Dispatch(words, streams, environment);
        }
        catch (BrokenOutputException)
        {
            return BrokenOutputException.ExitCode;
        }
        catch (OutputException exception)
        {
            return Complain(streams, exception.Message);
        }
        catch (Exception exception)
        {
            // A fault of this program. It is caught all the same: an exception that nobody catches would run no `using` on its way, and
            // leave the user's terminal in raw mode.
            return Complain(streams, $"hafen: internal error: {exception}");
        }
    }

    /// <summary>The last words; who closed even stderr gets only the exit code.</summary>
    internal static int Complain(CliStreams streams, string text)
    {
        try
        {
            streams.WriteErrorLine(text);
        }
        catch (Exception exception) when (exception is BrokenOutputException or OutputException)
        {
            // Nobody is left to tell.
        }

        return 1;
    }

    private static int Dispatch(IReadOnlyList<string> words, CliStreams streams, Func<string, string?> environment)
    {
        var globals = new GlobalOptions(environment);
        List<string> rest;
        try
        {
            rest = FlagParser.Parse(globals.Flags, words, interspersed: false);
            globals.Check();
        }
        catch (HelpRequestedException)
        {
            streams.Write(HelpText.OfRoot(CommandTree.Root, globals.Flags, streams.Width));
            return 0;
        }
        catch (FlagException exception)
        {
            streams.WriteErrorLine($"{exception.Message}\n\nUsage:  hafen [OPTIONS] COMMAND [ARG...]\n\nRun 'hafen --help' for more information");
            return UsageExitCode;
        }
        catch (CommandException exception)
        {
            streams.WriteErrorLine(exception.Message);
            return exception.ExitCode;
        }

        if (globals.Version.Value)
        {
            streams.WriteLine($"Hafen version {BuildVersion.Version}, build {BuildVersion.Commit}");
            return 0;
        }

        if (rest.Count == 0)
        {
            streams.WriteError(HelpText.OfRoot(CommandTree.Root, globals.Flags, streams.Width));
            return 0;
        }

        using var session = new CliSession(streams, globals, environment);
        return rest[0] == "help" ? Help(rest.Skip(1).ToList(), session) : Find("hafen", CommandTree.Root, null, rest, session);
    }

    /// <summary>Goes down the tree of commands with the words, and runs what it finds.</summary>
    private static int Find(string name, IReadOnlyList<CommandEntry> level, CommandEntry? group, List<string> words, CliSession session)
    {
        var streams = session.Streams;
        if (words.Count == 0)
        {
            streams.WriteError(HelpText.OfGroup(name, group!));
            return 0;
        }

        var entry = level.FirstOrDefault(candidate => candidate.Answers(words[0]));
        var rest = words.Skip(1).ToList();
        if (entry?.Refusal is { } refusal)
        {
            streams.WriteErrorLine($"hafen: '{name["hafen".Length..].TrimStart()}{(group is null ? "" : " ")}{entry.Name}' is not available in this version{refusal}");
            return 1;
        }

        if (entry?.Children is { } children)
            return Find($"{name} {entry.Name}", children(), entry, rest, session);
        if (entry is not null)
            return RunCommand($"{name} {entry.Name}", entry.Create!(), rest, session);
        if (words[0] is "--help" or "-h" && group is not null)
        {
            streams.Write(HelpText.OfGroup(name, group));
            return 0;
        }

        string usage = group is null ? "" : $"\n\nUsage:  {name}";
        if (words[0].StartsWith('-'))
        {
            string what = words[0].StartsWith("--", StringComparison.Ordinal) ? $"unknown flag: {words[0]}" : $"unknown shorthand flag: '{words[0].ElementAtOrDefault(1)}' in {words[0]}";
            streams.WriteErrorLine($"{what}{usage}\n\nRun '{name} --help' for more information");
            return UsageExitCode;
        }

        var similar = Suggestions.For(words[0], level);
        string hint = similar.Count == 0 ? "" : $"\n\nDid you mean this?\n\t{string.Join("\n\t", similar)}";
        streams.WriteErrorLine($"hafen: unknown command: {name} {words[0]}{hint}{usage}\n\nRun '{name} --help' for more information");
        return 1;
    }

    private static int Help(List<string> words, CliSession session)
    {
        var streams = session.Streams;
        if (words.Count == 0)
        {
            streams.Write(HelpText.OfRoot(CommandTree.Root, session.Options.Flags, streams.Width));
            return 0;
        }

        string name = "hafen";
        var level = CommandTree.Root;
        CommandEntry? entry = null;
        for (int index = 0; index < words.Count; index++)
        {
            entry = level.FirstOrDefault(candidate => candidate.Answers(words[index]) && candidate.Refusal is null);
            if (entry is null)
            {
                streams.WriteErrorLine($"unknown help topic: {string.Join(' ', words.Skip(index))}");
                return 1;
            }

            name += " " + entry.Name;
            level = entry.Children?.Invoke() ?? [];
        }

        streams.Write(entry!.Children is null ? HelpText.OfCommand(name, entry.Create!(), streams.Width) : HelpText.OfGroup(name, entry));
        return 0;
    }

    private static int RunCommand(string name, Command command, List<string> words, CliSession session)
    {
        var streams = session.Streams;
        string usage = $"Usage:  {HelpText.UsageLine(name, command)}";
        List<string> arguments;
        try
        {
            arguments = FlagParser.Parse(command.Flags, words, command.Interspersed);
        }
        catch (HelpRequestedException exception)
        {
            if (exception.Shorthand)
                streams.WriteLine("Flag shorthand -h has been deprecated, use --help");
            streams.Write(HelpText.OfCommand(name, command, streams.Width));
            return 0;
        }
        catch (CommandException exception)
        {
            streams.WriteErrorLine(exception.Message);
            return exception.ExitCode;
        }
        catch (FlagException exception)
        {
            streams.WriteErrorLine($"{exception.Message}\n\n{usage}\n\nRun '{name} --help' for more information");
            return UsageExitCode;
        }

        if (command.Arguments.Complaint(name, arguments.Count) is { } complaint)
        {
            string verb = command.Arguments.Maximum == int.MaxValue ? "See" : "Run";
            streams.WriteErrorLine($"hafen: {complaint}\n\n{usage}\n\n{verb} '{name} --help' for more information");
            return 1;
        }

        return Execute(name, command, arguments, session);
    }

    private static int Execute(string name, Command command, List<string> arguments, CliSession session)
    {
        try
        {
            return command.Execute(session, arguments);
        }
        catch (CommandException exception)
        {
            if (exception.Message.Length > 0)
                session.Streams.WriteErrorLine(exception.Message);
            return exception.ExitCode;
        }
        catch (Exception exception) when (FailureText(exception) is { } text)
        {
            if (command.FailureCode != 1)
                text = $"hafen: {text}\n\nRun '{name} --help' for more information";
            session.Streams.WriteErrorLine(text);
            if (session.Options.Debug)
                session.Streams.WriteErrorLine(exception.ToString());
            return command.FailureCode;
        }
    }

    /// <summary>The message for a failure that is the user's or the daemon's; null for one that is a fault of this program.</summary>
    internal static string? FailureText(Exception failure) => failure switch
    {
        ApiException refusal => $"Error response from daemon: {refusal.Message}",
        DaemonUnreachableException => failure.Message,
        TemplateException => $"template parsing error: {failure.Message}",
        ProtocolException => $"error during connect: {failure.Message}",
        InvalidNameException => failure.Message,
        OutputException => null,
        IOException or UnauthorizedAccessException => failure.Message,
        Linux.LinuxException { Call: "send" or "read" } => $"error during connect: {failure.Message}",
        Linux.LinuxException => failure.Message,
        _ => null,
    };
}
