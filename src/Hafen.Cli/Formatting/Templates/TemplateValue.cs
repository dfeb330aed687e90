using System.Text;
using System.Text.Json;
using Hafen.Cli.Formatting.Units;

namespace Hafen.Cli.Formatting.Templates;

/// <summary>
/// The values templates work on: string, bool, long, double, <c>object?[]</c>, JSON objects and arrays, <see cref="ITemplateObject"/>,
/// <see cref="NullValue"/> and null. Truth, text, JSON and order are Go's.
/// </summary>
internal static class TemplateValue
{
    private static readonly JsonWriterOptions s_relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Scalars as themselves; objects and arrays stay JSON.</summary>
    public static object? FromJson(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => element.TryGetInt64(out long whole) ? (object)whole : element.GetDouble(),
        JsonValueKind.Null or JsonValueKind.Undefined => NullValue.For(name),
        _ => element,
    };

    public static bool IsTrue(object? value) => value switch
    {
        null or NullValue => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        object?[] list => list.Length > 0,
        JsonElement { ValueKind: JsonValueKind.Array } array => array.GetArrayLength() > 0,
        JsonElement { ValueKind: JsonValueKind.Object } map => map.EnumerateObject().Any(),
        _ => true,
    };

    /// <summary>What <c>{{.}}</c> prints.</summary>
    public static string Print(object? value)
    {
        if (value is null)
            return "<no value>";
        if (value is string text)
            return text;
        var result = new StringBuilder();
        Append(result, value);
        return result.ToString();
    }

    /// <summary>Go's <c>%v</c>.</summary>
    public static void Append(StringBuilder result, object? value)
    {
        switch (value)
        {
            case null: result.Append("<nil>"); break;
            case NullValue missing: result.Append(missing.Text); break;
            case bool flag: result.Append(flag ? "true" : "false"); break;
            case long number: result.Append(number); break;
            case double number: result.Append(GoNumber.Shortest(number)); break;
            case string text: result.Append(text); break;
            case object?[] list: AppendList(result, list); break;
            case JsonElement { ValueKind: JsonValueKind.Array } array: AppendList(result, array.EnumerateArray().Select(item => FromJson(item, ""))); break;
            case JsonElement { ValueKind: JsonValueKind.Object } map: AppendMap(result, map); break;
            case JsonElement scalar: Append(result, FromJson(scalar, "")); break;
            case ITemplateObject row: result.Append(Json(row)); break;
        }
    }

    /// <summary>The value in one line of JSON.</summary>
    public static string Json(object? value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, s_relaxed))
            WriteJson(writer, value);
        string text = Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);

        // Rows pass through Go's default encoder, which keeps angle brackets and ampersands out of HTML; they occur in strings only.
        return value is ITemplateObject
            ? text.Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal)
            : text;
    }

    public static void WriteJson(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null or NullValue: writer.WriteNullValue(); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case long number: writer.WriteNumberValue(number); break;
            case double number: writer.WriteRawValue(GoNumber.Shortest(number)); break;
            case string text: writer.WriteStringValue(text); break;
            case JsonElement element: element.WriteTo(writer); break;
            case ITemplateObject row: row.WriteJson(writer); break;
            case object?[] list:
                writer.WriteStartArray();
                foreach (object? item in list)
                    WriteJson(writer, item);
                writer.WriteEndArray();
                break;
        }
    }

    /// <summary>The items of a list or of the text's own kind; null when the value has none.</summary>
    public static IReadOnlyList<object?>? Items(object? value) => value switch
    {
        object?[] list => list,
        NullValue => [],
        JsonElement { ValueKind: JsonValueKind.Array } array => array.EnumerateArray().Select(item => FromJson(item, "")).ToArray(),
        _ => null,
    };

    /// <summary>The entries of a map in the order Go prints them: by key.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Entries(JsonElement map)
        => map.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => new KeyValuePair<string, object?>(member.Name, FromJson(member.Value, member.Name)));

    /// <summary>How messages name the kind of a value.</summary>
    public static string TypeName(object? value) => value switch
    {
        null or NullValue => "<nil>",
        bool => "bool",
        long => "int",
        double => "float64",
        string => "string",
        object?[] => "[]string",
        ITemplateObject row => row.TypeName,
        JsonElement { ValueKind: JsonValueKind.Array } => "[]interface {}",
        _ => "map[string]interface {}",
    };

    private static void AppendList(StringBuilder result, IEnumerable<object?> items)
    {
        result.Append('[');
        bool first = true;
        foreach (object? item in items)
        {
            if (!first)
                result.Append(' ');
            first = false;
            Append(result, item);
        }

        result.Append(']');
    }

    private static void AppendMap(StringBuilder result, JsonElement map)
    {
        result.Append("map[");
        bool first = true;
        foreach (var (key, value) in Entries(map))
        {
            if (!first)
                result.Append(' ');
            first = false;
            result.Append(key).Append(':');
            Append(result, value);
        }

        result.Append(']');
    }
}
