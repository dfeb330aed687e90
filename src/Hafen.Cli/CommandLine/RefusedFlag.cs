namespace Hafen.Cli.CommandLine;

/// <summary>An option that docker has and this version has not: refused by its name, never taken and ignored.</summary>
internal sealed class RefusedFlag : Flag
{
    public RefusedFlag(string name, char shorthand = '\0', bool takesValue = false)
        : base(name, shorthand, takesValue ? "string" : "", "")
    {
        Hidden = true;
        ImpliedValue = takesValue ? null : "true";
    }

    protected override void Accept(string text)
    {
        if (text != "false")
            throw new CommandException($"hafen: '--{Name}' is not available in this version");
    }
}
