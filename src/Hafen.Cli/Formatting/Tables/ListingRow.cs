using System.Text.Json;
using Hafen.Cli.Formatting.Templates;

namespace Hafen.Cli.Formatting.Tables;

/// <summary>One row of a listing: named columns that templates use and <c>--format json</c> prints.</summary>
internal abstract class ListingRow : ITemplateObject
{
    public abstract string TypeName { get; }

    /// <summary>Names of all columns, sorted.</summary>
    protected abstract IEnumerable<string> Columns { get; }

    /// <summary>The text of a column.</summary>
    protected abstract object? Column(string name);

    /// <summary>A method with arguments; most rows have none.</summary>
    protected virtual bool TryCall(string name, IReadOnlyList<object?> arguments, out object? value)
    {
        value = null;
        return false;
    }

    public bool TryGet(string name, IReadOnlyList<object?> arguments, out object? value)
    {
        if (arguments.Count > 0)
            return TryCall(name, arguments, out value);
        value = Columns.Contains(name) ? Column(name) : null;
        return Columns.Contains(name);
    }

    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (string name in Columns)
        {
            writer.WritePropertyName(name);
            TemplateValue.WriteJson(writer, Column(name));
        }

        writer.WriteEndObject();
    }
}
