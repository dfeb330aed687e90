namespace Hafen.Cli.CommandLine;

/// <summary>What the user may have meant by a word that is no command.</summary>
internal static class Suggestions
{
    private const int MaximumDistance = 2;

    public static IReadOnlyList<string> For(string word, IEnumerable<CommandEntry> commands)
    {
        var found = new List<string>();
        foreach (var command in commands)
        {
            if (command.Hidden)
                continue;
            if (command.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase) || Distance(word, command.Name) <= MaximumDistance)
                found.Add(command.Name);
        }

        return found;
    }

    /// <summary>Levenshtein's distance: single-letter changes from one word to the other.</summary>
    internal static int Distance(string from, string to)
    {
        int[] row = new int[to.Length + 1];
        for (int column = 0; column <= to.Length; column++)
            row[column] = column;
        for (int line = 1; line <= from.Length; line++)
        {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column <= to.Length; column++)
            {
                int cost = char.ToLowerInvariant(from[line - 1]) == char.ToLowerInvariant(to[column - 1]) ? 0 : 1;
                int value = Math.Min(Math.Min(row[column] + 1, row[column - 1] + 1), diagonal + cost);
                diagonal = row[column];
                row[column] = value;
            }
        }

        return row[to.Length];
    }
}
