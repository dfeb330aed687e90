namespace Hafen.Cli.CommandLine;

/// <summary>
/// The grammar of github.com/spf13/pflag: <c>--name=value</c>, <c>--name value</c>, <c>-n value</c>, <c>-nvalue</c>, <c>-n=value</c>,
/// bundles such as <c>-it</c>, and <c>--</c> before words that are none.
/// </summary>
internal static class FlagParser
{
    /// <summary>Sets the flags and returns the words that are none.</summary>
    /// <param name="flags">Flags of the command.</param>
    /// <param name="words">The command line after the command's name.</param>
    /// <param name="interspersed">Flags may follow other words; false stops at the first word, as <c>run IMAGE -x</c> needs.</param>
    /// <exception cref="FlagException">The words are not understood.</exception>
    /// <exception cref="HelpRequestedException"><c>--help</c> was among them.</exception>
    public static List<string> Parse(FlagSet flags, IReadOnlyList<string> words, bool interspersed)
    {
        var rest = new List<string>();
        int position = 0;
        while (position < words.Count)
        {
            string word = words[position++];
            PastedDash.Refuse(word, flags);
            if (word.Length < 2 || word[0] != '-')
            {
                rest.Add(word);
                if (interspersed)
                    continue;
                break;
            }

            if (word == "--")
                break;
            if (word[1] == '-')
                ParseLong(flags, word, words, ref position);
            else
                ParseShort(flags, word, words, ref position);
        }

        while (position < words.Count)
            rest.Add(words[position++]);
        return rest;
    }

    private static void ParseLong(FlagSet flags, string word, IReadOnlyList<string> words, ref int position)
    {
        var text = word.AsSpan(2);
        if (text[0] is '-' or '=')
            throw new FlagException($"bad flag syntax: {word}");
        int equals = text.IndexOf('=');
        var name = equals < 0 ? text : text[..equals];
        var flag = flags.Find(name);
        if (flag is null)
            throw name.SequenceEqual("help") ? new HelpRequestedException() : new FlagException($"unknown flag: --{name}");

        if (equals >= 0)
            Set(flag, text[(equals + 1)..].ToString());
        else if (flag.ImpliedValue is { } implied)
            Set(flag, implied);
        else if (position < words.Count)
            Set(flag, words[position++]);
        else
            throw new FlagException($"flag needs an argument: --{name}");
    }

    private static void ParseShort(FlagSet flags, string word, IReadOnlyList<string> words, ref int position)
    {
        for (int index = 1; index < word.Length; index++)
        {
            var flag = flags.Find(word[index]);
            if (flag is null)
                throw word[index] == 'h' ? new HelpRequestedException { Shorthand = true } : new FlagException($"unknown shorthand flag: '{word[index]}' in -{word[index..]}");

            string rest = word[(index + 1)..];
            if (rest.Length > 1 && rest[0] == '=')
            {
                Set(flag, rest[1..]);
                return;
            }

            if (flag.ImpliedValue is { } implied)
            {
                Set(flag, implied);
                continue;
            }

            if (rest.Length > 0)
                Set(flag, rest);
            else if (position < words.Count)
                Set(flag, words[position++]);
            else
                throw new FlagException($"flag needs an argument: '{word[index]}' in -{word[index..]}");
            return;
        }
    }

    private static void Set(Flag flag, string value)
    {
        try
        {
            flag.Set(value);
        }
        catch (FormatException exception)
        {
            throw new FlagException($"invalid argument {Formatting.Units.GoText.Quote(value)} for \"{flag.Display}\" flag: {exception.Message}");
        }
    }
}
