namespace Hafen.Cli.CommandLine;

/// <summary>An old name of another flag; not shown in help.</summary>
internal sealed class ForwardingFlag : Flag
{
    private readonly Flag _target;

    public ForwardingFlag(string name, Flag target)
        : base(name, '\0', target.TypeName, target.Usage)
    {
        this._target = target;
        Hidden = true;
        ImpliedValue = target.ImpliedValue;
    }

    protected override void Accept(string text) => _target.Set(text);
}
