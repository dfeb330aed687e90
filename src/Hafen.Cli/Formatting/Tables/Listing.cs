using System.Text;
using Hafen.Cli.Formatting.Templates;

namespace Hafen.Cli.Formatting.Tables;

/// <summary>Rows through a format: <c>table</c>, <c>table TEMPLATE</c>, <c>json</c> or a template.</summary>
internal static class Listing
{
    public const string IdsOnly = "{{.ID}}";
    private const string Table = "table";

    public static bool IsTable(string format) => format.StartsWith(Table, StringComparison.Ordinal);

    /// <summary>The text of a listing.</summary>
    /// <param name="format">The format; <c>table</c> alone must be replaced by its columns before.</param>
    /// <param name="titles">Title of each column.</param>
    /// <param name="rows">The rows.</param>
    public static string Render(string format, IReadOnlyDictionary<string, string> titles, IEnumerable<ITemplateObject> rows)
    {
        var template = Template.Parse(TemplateText(format));
        var text = new StringBuilder();
        if (IsTable(format))
        {
            template.Apply(text, new ListingHeader(titles), header: true);
            text.Append('\n');
        }

        foreach (var row in rows)
        {
            template.Apply(text, row);
            text.Append('\n');
        }

        return IsTable(format) ? TabWriter.Align(text.ToString()) : text.ToString();
    }

    /// <summary>The template in a format; <c>\t</c> and <c>\n</c> written out become what they mean.</summary>
    internal static string TemplateText(string format)
    {
        if (format == "json")
            return "{{json .}}";
        string text = IsTable(format) ? format[Table.Length..] : format;
        return text.Trim(' ').Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
    }
}
