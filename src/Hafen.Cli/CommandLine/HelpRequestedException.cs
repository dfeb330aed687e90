namespace Hafen.Cli.CommandLine;

/// <summary><c>--help</c> or <c>-h</c> was given.</summary>
internal sealed class HelpRequestedException : Exception
{
    /// <summary>It was the deprecated <c>-h</c>.</summary>
    public bool Shorthand { get; init; }
}
