namespace Hafen.Cli.CommandLine;

/// <summary>A verb in a table of commands. The command itself is made only when it is the one that runs.</summary>
/// <param name="Name">The word the user writes.</param>
/// <param name="Summary">One line for the help of the level above.</param>
/// <param name="Create">Makes the command; null for a group.</param>
internal sealed record CommandEntry(string Name, string Summary, Func<Command>? Create)
{
    /// <summary>Other words for the same.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Verbs of a group, or null.</summary>
    public Func<IReadOnlyList<CommandEntry>>? Children { get; init; }

    /// <summary>Docker has it and this version has not: what to do instead, or empty text. Null for a real command.</summary>
    public string? Refusal { get; init; }

    /// <summary>Not shown in help.</summary>
    public bool Hidden => Refusal is not null;

    public HelpSection Section { get; init; } = HelpSection.Other;

    public bool Answers(string word) => Name == word || Aliases.Contains(word);
}
