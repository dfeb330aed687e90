namespace Hafen.Linux.Procfs;

/// <summary>
/// Turns the arguments of <c>ps</c> into columns: Unix options (<c>-ef</c>), BSD letters (<c>aux</c>), own formats (<c>-o</c>). Which
/// processes are selected is not theirs to say: it is always the container's.
/// </summary>
internal static class PsArguments
{
    private const string Full = "-uid pid ppid c stime tname time cmd";
    private const string ExtraFull = "-uid pid ppid c sz rss psr stime tname time cmd";
    private const string Long = "f s uid pid ppid c opri ni -addr sz wchan tname time ucmd";
    private const string LongFull = "f s -uid pid ppid c opri ni -addr sz wchan stime tname time cmd";
    private const string Simple = "pid tname time ucmd";
    private const string Jobs = "pid pgid sid tname time ucmd";
    private const string JobsFull = "-uid pid ppid pgid sid c stime tname time cmd";
    private const string BsdUser = "user pid pcpu pmem vsz rss tname stat start_time bsdtime args";
    private const string BsdLong = "f uid pid ppid priority ni vsz rss wchan stat tname bsdtime args";
    private const string BsdJobs = "ppid pid pgid sid tname tpgid stat uid bsdtime args";
    private const string BsdSimple = "pid tname stat bsdtime args";

    /// <returns>The columns, and the order of the rows when one is asked for.</returns>
    /// <exception cref="ProcessTableException">Something that is not understood.</exception>
    public static (IReadOnlyList<PsColumn> Columns, PsOrder? Order) Parse(string arguments)
    {
        PsOrder? order = null;
        string[] words = arguments.Split([' ', '\t', '\n', '\r', '\f'], StringSplitOptions.RemoveEmptyEntries);
        var own = new List<PsColumn>();
        var unix = new HashSet<char>();
        var bsd = new HashSet<char>();
        for (int next = 0; next < words.Length;)
        {
            string word = words[next++];
            if (word.StartsWith("--", StringComparison.Ordinal))
                LongOption(word, words, ref next, own, ref order);
            else if (word[0] == '-' && (!word.Contains('x') || word.Contains('o')))
                Letters(word[1..], words, ref next, unix, own, "eAadfFjlywo", word);
            else
                Letters(word.TrimStart('-'), words, ref next, bsd, own, "agulxjwo", word); // ps, too, reads -aux as aux
        }

        return (own.Count > 0 ? own : [.. Layout(unix, bsd, arguments).Split(' ').Select(PsColumns.Find)], order);
    }

    private static string Layout(HashSet<char> unix, HashSet<char> bsd, string arguments)
    {
        bool full = unix.Contains('f'), extra = unix.Contains('F');
        if (bsd.Overlaps("ulj") && (full || extra || unix.Overlaps("lj")))
            throw new ProcessTableException($"ps: error: conflicting format options in \"{arguments}\"");
        if (unix.Contains('l'))
        {
            string layout = full || extra ? LongFull : Long;
            if (!unix.Contains('y'))
                return layout;
            // y puts memory in the place of flags and address.
            return layout.Replace("f s ", "s ", StringComparison.Ordinal).Replace("-addr", "rss", StringComparison.Ordinal);
        }

        if (unix.Contains('j'))
            return full ? JobsFull : Jobs;
        if (extra)
            return ExtraFull;
        if (full)
            return Full;
        if (bsd.Contains('u'))
            return BsdUser;
        if (bsd.Contains('l'))
            return BsdLong;
        if (bsd.Contains('j'))
            return BsdJobs;
        return bsd.Count > 0 ? BsdSimple : Simple;
    }

    private static void Letters(
        string letters, string[] words, ref int next, HashSet<char> seen, List<PsColumn> own, string understood, string word)
    {
        for (int i = 0; i < letters.Length; i++)
        {
            char letter = letters[i];
            if (!understood.Contains(letter))
                throw new ProcessTableException($"ps: error: option \"{letter}\" of \"{word}\" is not supported here");
            if (letter == 'o')
            {
                string rest = letters[(i + 1)..];
                Format(rest.Length > 0 ? rest : next < words.Length ? words[next++] : "", own, word);
                return;
            }

            seen.Add(letter);
        }
    }

    private static void LongOption(string word, string[] words, ref int next, List<PsColumn> own, ref PsOrder? order)
    {
        int equals = word.IndexOf('=');
        string name = equals < 0 ? word : word[..equals];
        if (name is not ("--format" or "--sort" or "--width" or "--cols" or "--columns"))
            throw new ProcessTableException($"ps: error: option \"{name}\" is not supported here");
        string value = equals >= 0 ? word[(equals + 1)..] : next < words.Length ? words[next++] : "";
        // Nothing is cut to a width: the output is a table, not a screen.
        if (name == "--format")
            Format(value, own, word);
        else if (name == "--sort")
            order = PsOrder.Parse(value);
    }

    private static void Format(string list, List<PsColumn> own, string word)
    {
        string[] specifiers = list.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (specifiers.Length == 0)
            throw new ProcessTableException($"ps: error: format specification must follow {word}");
        own.AddRange(specifiers.Select(specifier => specifier.StartsWith('-')
            ? throw new ProcessTableException($"ps: error: unknown user-defined format specifier \"{specifier}\"")
            : PsColumns.Find(specifier)));
    }
}
