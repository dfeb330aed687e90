namespace Hafen.Cli.CommandLine;

/// <summary>The part of the top help a command stands in.</summary>
internal enum HelpSection
{
    Common,
    Management,
    Other,
}
