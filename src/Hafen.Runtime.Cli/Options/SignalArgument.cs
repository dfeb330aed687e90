using Hafen.Linux.Processes;

namespace Hafen.Runtime.Cli.Options;

/// <summary>A signal on the command line: a name, or a number up to 64.</summary>
internal static class SignalArgument
{
    /// <exception cref="UsageException">No signal.</exception>
    public static int Parse(string text)
    {
        if (int.TryParse(text, out int number) && number is >= 0 and <= SignalTable.LastRealTime)
            return number;
        return SignalTable.TryFind(text, out number) ? number : throw new UsageException($"unknown signal \"{text}\"");
    }
}
