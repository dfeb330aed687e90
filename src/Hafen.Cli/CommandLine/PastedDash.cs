namespace Hafen.Cli.CommandLine;

/// <summary>An option whose hyphen a word processor has made longer: it looks right and is none.</summary>
internal static class PastedDash
{
    /// <summary>Refuses a word that begins with such a dash: no container, image or command does.</summary>
    /// <exception cref="FlagException">It does; the message names the character and what is meant.</exception>
    public static void Refuse(string word, FlagSet flags)
    {
        int at = 0;
        while (at < word.Length && word[at] == '-')
            at++;
        if (at > 2 || at == word.Length || NameOf(word[at]) is not { } name)
            return;
        var letters = word.AsSpan().TrimStart(['-', .. Dashes]);
        int equals = letters.IndexOf('=');
        string hyphens = letters.Length > 1 && flags.Find(equals < 0 ? letters : letters[..equals]) is not null ? "--" : "-";
        throw new FlagException($"unknown flag: {word}: '{word[at]}' is {name} (U+{(int)word[at]:X4}), not a hyphen; did you mean {hyphens}{letters}?");
    }

    private const string Dashes = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uFE58\uFE63\uFF0D";

    private static string? NameOf(char letter) => letter switch
    {
        '\u2013' => "an en dash",
        '\u2014' => "an em dash",
        '\u2212' => "a minus sign",
        _ => Dashes.Contains(letter) ? "a dash" : null,
    };
}
