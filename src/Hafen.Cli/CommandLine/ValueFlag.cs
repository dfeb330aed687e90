namespace Hafen.Cli.CommandLine;

/// <summary>A flag with one value; the last one given counts.</summary>
internal sealed class ValueFlag<T>(string name, char shorthand, string typeName, string usage, T initial, Func<string, T> parse)
    : Flag(name, shorthand, typeName, usage)
{
    public T Value { get; private set; } = initial;

    protected override void Accept(string text) => Value = parse(text);
}
