namespace Hafen.Cli.CommandLine;

/// <summary><c>--help</c> where it stands among the options, because <c>-h</c> means something else there.</summary>
internal sealed class HelpFlag : Flag
{
    public HelpFlag()
        : base("help", '\0', "", "Print usage") => ImpliedValue = "true";

    protected override void Accept(string text)
    {
        if (FlagValues.Boolean(text))
            throw new HelpRequestedException();
    }
}
