using System.Text;

namespace Hafen.Cli.Formatting.Templates;

/// <summary>A parsed template that can be applied to values.</summary>
internal sealed class Template
{
    private readonly string _source;
    private readonly IReadOnlyList<TemplateNode> _nodes;

    private Template(string source, IReadOnlyList<TemplateNode> nodes)
    {
        this._source = source;
        this._nodes = nodes;
    }

    /// <exception cref="TemplateException">Not a template.</exception>
    public static Template Parse(string source) => new(source, TemplateParser.Parse(source));

    /// <summary>Appends the text for a value.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="data">The dot.</param>
    /// <param name="header">Functions leave their text alone, so that a table's header keeps its names.</param>
    /// <exception cref="TemplateException">The template asks for what the value does not have.</exception>
    public void Apply(StringBuilder output, object? data, bool header = false)
        => new TemplateEvaluation(_source, output, data, header).Run(_nodes);
}
