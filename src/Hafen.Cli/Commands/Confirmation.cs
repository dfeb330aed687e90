using Hafen.Cli.Session;
using Hafen.Linux.Descriptors;

namespace Hafen.Cli.Commands;

/// <summary>Asks before something is lost.</summary>
internal static class Confirmation
{
    /// <returns>True for a line that says <c>y</c>.</returns>
    public static bool Ask(CliStreams streams, string question)
    {
        streams.Write($"{question} [y/N] ");
        var answer = new List<byte>();
        Span<byte> one = stackalloc byte[1];
        while (RawDescriptor.Read(streams.Input, one) == 1 && one[0] != '\n')
            answer.Add(one[0]);
        return System.Text.Encoding.UTF8.GetString([.. answer]).Trim() is "y" or "Y";
    }
}
