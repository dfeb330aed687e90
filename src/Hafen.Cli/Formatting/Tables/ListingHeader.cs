using System.Text.Json;
using Hafen.Cli.Formatting.Templates;

namespace Hafen.Cli.Formatting.Tables;

/// <summary>The head of a table: the same template is applied to it as to the rows, and gives the titles.</summary>
internal sealed class ListingHeader(IReadOnlyDictionary<string, string> titles) : ITemplateObject
{
    public string TypeName => "map[string]string";

    public bool TryGet(string name, IReadOnlyList<object?> arguments, out object? value)
    {
        // .Label "com.example.some-name" is titled "some name".
        value = name == "Label" && arguments is [string label]
            ? label.Split('.')[^1].Replace('-', ' ').Replace('_', ' ')
            : titles.GetValueOrDefault(name);
        return true;
    }

    public void WriteJson(Utf8JsonWriter writer) => writer.WriteStringValue("");
}
