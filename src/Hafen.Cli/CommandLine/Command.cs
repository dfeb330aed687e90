using Hafen.Cli.Session;

namespace Hafen.Cli.CommandLine;

/// <summary>One verb: its place in the help, its flags as data, and what it does.</summary>
internal abstract class Command(string usage, string summary)
{
    /// <summary>What follows <c>hafen</c> in the usage line, without the name: <c>[OPTIONS] IMAGE [COMMAND] [ARG...]</c>.</summary>
    public string Usage => usage;

    /// <summary>One line on what it does.</summary>
    public string Summary => summary;

    public FlagSet Flags { get; } = new();

    public ArgumentRule Arguments { get; protected init; } = ArgumentRule.None;

    /// <summary>Flags may follow the first word. Off where those words belong to a program in the container.</summary>
    public bool Interspersed { get; protected init; } = true;

    /// <summary>All the names it answers to, the reason for the help's Aliases part; empty when there is only one.</summary>
    public IReadOnlyList<string> Aliases { get; protected init; } = [];

    /// <summary>Exit code for failures of the client or the daemon (125 where 1 could be the container's own code).</summary>
    public int FailureCode { get; protected init; } = 1;

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    public abstract int Execute(CliSession session, IReadOnlyList<string> arguments);
}
