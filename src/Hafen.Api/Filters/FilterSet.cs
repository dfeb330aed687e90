using System.Text.Json;

namespace Hafen.Api;

/// <summary>
/// The <c>filters</c> query parameter: names with a set of values each. Both wire forms are read,
/// <c>{"label":{"a":true}}</c> and the older <c>{"label":["a"]}</c>, as Go reads them: the truth of a value does not matter, and null is nothing.
/// A set does not change: requests share <see cref="Empty"/>.
/// </summary>
public sealed class FilterSet
{
    private readonly Dictionary<string, List<string>> _values;

    private FilterSet(Dictionary<string, List<string>> values) => _values = values;

    public static FilterSet Empty { get; } = new([]);

    public bool IsEmpty => _values.Count == 0;

    public IEnumerable<string> Names => _values.Keys;

    /// <summary>Values of a name in the client's order; empty when the name is not given.</summary>
    public IReadOnlyList<string> this[string name] => _values.TryGetValue(name, out var values) ? values : [];

    public bool Contains(string name) => _values.ContainsKey(name);

    /// <summary>A set with one value more.</summary>
    public FilterSet With(string name, string value)
    {
        var values = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (known, its) in _values)
            values[known] = [.. its];
        Add(values, name, value);
        return new FilterSet(values);
    }

    /// <summary>True when the name has no values or one of them equals <paramref name="actual"/>.</summary>
    public bool Matches(string name, string actual) => this[name].Count == 0 || this[name].Contains(actual, StringComparer.Ordinal);

    /// <summary>True when every value of <paramref name="name"/>, <c>key</c> or <c>key=value</c>, is found among the labels.</summary>
    public bool MatchesLabels(string name, IReadOnlyDictionary<string, string>? labels)
    {
        foreach (string wanted in this[name])
        {
            int equals = wanted.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? wanted : wanted[..equals];
            if (labels is null || !labels.TryGetValue(key, out string? value))
                return false;
            if (equals >= 0 && value != wanted[(equals + 1)..])
                return false;
        }
        return true;
    }

    /// <exception cref="FormatException">The text is not one of the two forms.</exception>
    public static FilterSet Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return Empty;
        var result = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Null)
                return Empty;
            var forms = new HashSet<JsonValueKind>();
            foreach (var filter in document.RootElement.EnumerateObject())
            {
                // A name without a value is a name all the same.
                if (!result.ContainsKey(filter.Name))
                    result[filter.Name] = [];
                if (filter.Value.ValueKind == JsonValueKind.Null)
                    continue;
                foreach (string value in Values(filter.Value))
                    Add(result, filter.Name, value);
                if (forms.Add(filter.Value.ValueKind) && forms.Count > 1)
                    throw new FormatException("invalid filter");
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException("invalid filter", exception);
        }
        return new FilterSet(result);
    }

    private static IEnumerable<string> Values(JsonElement filter) => filter.ValueKind switch
    {
        JsonValueKind.Object => filter.EnumerateObject().Select(value
            => value.Value.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null ? value.Name : throw new FormatException("invalid filter")),
        JsonValueKind.Array => filter.EnumerateArray().Select(value => value.GetString() ?? ""),
        _ => throw new FormatException("invalid filter"),
    };

    /// <summary>The newer wire form; empty text for no filters.</summary>
    public override string ToString()
    {
        if (IsEmpty)
            return "";
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, values) in _values)
            {
                writer.WriteStartObject(name);
                foreach (string value in values)
                    writer.WriteBoolean(value, true);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Add(Dictionary<string, List<string>> values, string name, string value)
    {
        if (!values.TryGetValue(name, out var its))
            values[name] = its = [];
        if (!its.Contains(value, StringComparer.Ordinal))
            its.Add(value);
    }
}
