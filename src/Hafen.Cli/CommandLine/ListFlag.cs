namespace Hafen.Cli.CommandLine;

/// <summary>A flag that may be repeated; values keep their order.</summary>
internal sealed class ListFlag<T>(string name, char shorthand, string typeName, string usage, Func<string, T> parse)
    : Flag(name, shorthand, typeName, usage)
{
    private readonly List<T> _values = [];

    public IReadOnlyList<T> Values => _values;

    protected override void Accept(string text) => _values.Add(parse(text));
}
