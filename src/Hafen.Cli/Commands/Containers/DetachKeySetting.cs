using Hafen.Cli.Attach;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Containers;

/// <summary>The keys that detach: the flag, the user's settings, or the default.</summary>
internal static class DetachKeySetting
{
    /// <returns>The sequence, and its text for the daemon (null for the default).</returns>
    public static (DetachSequence Keys, string? Text) Resolve(CliSession session, ValueFlag<string> flag)
    {
        string? text = flag.Value.Length > 0 ? flag.Value : session.Config.DetachKeys;
        try
        {
            return (DetachSequence.Parse(text), text);
        }
        catch (FormatException exception)
        {
            throw new CommandException($"invalid detach keys ({text}): {exception.Message}");
        }
    }
}
