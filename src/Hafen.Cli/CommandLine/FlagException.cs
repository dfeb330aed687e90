namespace Hafen.Cli.CommandLine;

/// <summary>The options of a command line are not understood; the message is what the user reads first.</summary>
internal sealed class FlagException(string message) : Exception(message);
