using Hafen.Linux.Processes;

namespace Hafen.Init;

/// <summary>
/// The command line: options, then the command. The options are tini's, because images and compose files written for
/// <c>docker-init</c> pass them.
/// </summary>
internal sealed class Options
{
    public const string Usage = """
        hafen-init [OPTIONS] COMMAND [ARGUMENT...]

        Runs a command as the first process of a container: passes signals on to it, collects
        processes that have lost their parent, and ends with the command's exit code.

          -s         collect orphans also when not the first process
          -g         send signals to the command's whole process group
          -e CODE    end with 0 when the command ends with CODE (may be given several times)
          -p SIGNAL  get this signal when the parent ends, for example SIGKILL
          -w         tell when an orphan was collected
          -v         say more (may be given several times)
          -h         show this
          --version  show the version

        """;

    private const int HighestCode = 255;

    public bool ShowUsage { get; private set; }
    public bool ShowVersion { get; private set; }
    public bool CollectsOrphans { get; private set; }
    public bool SignalsGroup { get; private set; }
    public bool TellsCollected { get; private set; }
    public int Verbosity { get; private set; } = 1;

    /// <summary>Signal to get when the parent ends; zero for none.</summary>
    public int ParentDeathSignal { get; private set; }

    /// <summary>Exit codes of the command that count as success.</summary>
    public bool[] Accepted { get; } = new bool[HighestCode + 1];

    /// <summary>Index of the first word of the command; the number of words when there is none.</summary>
    public int CommandStart { get; private set; }

    /// <summary>What is wrong with the words, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads the words after the program's own name.</summary>
    /// <param name="words">All words, the program's name first.</param>
    /// <param name="variable">Looks up an environment variable; null when it is not set.</param>
    public static Options Parse(IReadOnlyList<string> words, Func<string, string?> variable)
    {
        var options = new Options
        {
            CollectsOrphans = variable("TINI_SUBREAPER") is not null,
            SignalsGroup = variable("TINI_KILL_PROCESS_GROUP") is not null,
        };
        if (int.TryParse(variable("TINI_VERBOSITY"), out int verbosity))
            options.Verbosity = verbosity;
        int next = 1;
        while (next < words.Count && options.Problem is null && words[next].StartsWith('-') && words[next].Length > 1)
        {
            string word = words[next++];
            if (word == "--")
                break;
            if (word == "--version")
                options.ShowVersion = true;
            else if (word.StartsWith("--", StringComparison.Ordinal))
                options.Problem = $"unknown option {word}";
            else
                options.TakeLetters(word, words, ref next);
        }

        options.CommandStart = next;
        if (options.Problem is null && next >= words.Count && !options.ShowUsage && !options.ShowVersion)
            options.Problem = "a command is missing";
        return options;
    }

    /// <summary>Letters may be joined; one that takes a value takes the rest of the word, or the next word.</summary>
    private void TakeLetters(string word, IReadOnlyList<string> words, ref int next)
    {
        for (int i = 1; i < word.Length && Problem is null; i++)
        {
            char letter = word[i];
            if (letter is 'e' or 'p')
            {
                string? value = i + 1 < word.Length ? word[(i + 1)..] : next < words.Count ? words[next++] : null;
                TakeValue(letter, value);
                return;
            }

            switch (letter)
            {
                case 's': CollectsOrphans = true; break;
                case 'g': SignalsGroup = true; break;
                case 'w': TellsCollected = true; break;
                case 'v': Verbosity++; break;
                case 'h': ShowUsage = true; break;
                default: Problem = $"unknown option -{letter}"; break;
            }
        }
    }

    private void TakeValue(char letter, string? value)
    {
        if (value is null)
            Problem = $"option -{letter} needs a value";
        else if (letter == 'e' && int.TryParse(value, out int code) && code is >= 0 and <= HighestCode)
            Accepted[code] = true;
        else if (letter == 'p' && SignalTable.TryFind(value, out int signal))
            ParentDeathSignal = signal;
        else
            Problem = $"option -{letter}: {value} is not {(letter == 'e' ? "an exit code" : "a signal")}";
    }
}
