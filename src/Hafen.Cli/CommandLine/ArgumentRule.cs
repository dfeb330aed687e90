namespace Hafen.Cli.CommandLine;

/// <summary>How many words a command takes besides its flags.</summary>
internal sealed record ArgumentRule(int Minimum, int Maximum)
{
    public static readonly ArgumentRule None = new(0, 0);

    public static ArgumentRule Exactly(int count) => new(count, count);

    public static ArgumentRule AtLeast(int count) => new(count, int.MaxValue);

    public static ArgumentRule AtMost(int count) => new(0, count);

    /// <summary>What is wrong with this number of words, or null.</summary>
    /// <param name="command">Full name, for example <c>hafen run</c>.</param>
    /// <param name="count">Words given.</param>
    public string? Complaint(string command, int count)
    {
        if (count >= Minimum && count <= Maximum)
            return null;
        if (Maximum == 0)
            return $"'{command}' accepts no arguments";
        if (Minimum == Maximum)
            return $"'{command}' requires {Plural(Minimum)}";
        if (Maximum == int.MaxValue)
            return $"'{command}' requires at least {Plural(Minimum)}";
        return Minimum == 0 ? $"'{command}' requires at most {Plural(Maximum)}" : $"'{command}' requires at least {Minimum} and at most {Plural(Maximum)}";
    }

    private static string Plural(int count) => count == 1 ? "1 argument" : $"{count} arguments";
}
