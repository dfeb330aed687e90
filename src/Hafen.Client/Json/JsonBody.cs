using System.Globalization;
using System.Text;

namespace Hafen.Client.Json;

/// <summary>
/// Writes a JSON document member by member. The serializer of the framework needs more time to learn its types than everything else
/// a <c>run</c> does on this side, so the one large body on that way is written by hand. What says nothing is left out.
/// </summary>
internal sealed class JsonBody
{
    private readonly StringBuilder _text = new(2048);
    private bool _first = true;

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    public JsonBody Open(string? name = null, char bracket = '{')
    {
        Separate(name);
        _text.Append(bracket);
        _first = true;
        return this;
    }

    public JsonBody Close(char bracket = '}')
    {
        _text.Append(bracket);
        _first = false;
        return this;
    }

    /// <summary>A text, unless it is empty.</summary>
    public JsonBody Add(string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return this;
        Separate(name);
        Quote(value);
        return this;
    }

    /// <summary>A number, unless it is 0.</summary>
    public JsonBody Add(string name, long value) => value == 0 ? this : Number(name, value);

    /// <summary>A number that means something even when it is 0.</summary>
    public JsonBody Add(string name, long? value) => value is { } known ? Number(name, known) : this;

    /// <summary>A flag, unless it is not set.</summary>
    public JsonBody Add(string name, bool value) => value ? Flag(name, value) : this;

    /// <summary>A flag that means something even when it is false.</summary>
    public JsonBody Add(string name, bool? value) => value is { } known ? Flag(name, known) : this;

    /// <summary>A list of texts; null is left out, an empty list is not: for some members it differs from the default.</summary>
    public JsonBody Add(string name, IReadOnlyList<string>? values)
    {
        if (values is null)
            return this;
        Open(name, '[');
        foreach (string value in values)
            Item(value);
        return Close(']');
    }

    /// <summary>A list of numbers, unless it is null.</summary>
    public JsonBody Add(string name, IReadOnlyList<uint>? values)
    {
        if (values is null)
            return this;
        Open(name, '[');
        foreach (uint value in values)
        {
            Separate(null);
            _text.Append(CultureInfo.InvariantCulture, $"{value}");
        }

        return Close(']');
    }

    /// <summary>A map of texts, unless it is empty.</summary>
    public JsonBody Add(string name, IReadOnlyDictionary<string, string>? values)
    {
        if (values is null || values.Count == 0)
            return this;
        Open(name);
        foreach (var (key, value) in values)
        {
            Separate(key);
            Quote(value);
        }

        return Close();
    }

    /// <summary>A list of objects, unless it is empty.</summary>
    public JsonBody Add<T>(string name, IReadOnlyList<T>? values, Action<JsonBody, T> write)
    {
        if (values is null || values.Count == 0)
            return this;
        Open(name, '[');
        foreach (var value in values)
        {
            Open();
            write(this, value);
            Close();
        }

        return Close(']');
    }

    /// <summary>An object, unless it is null.</summary>
    public JsonBody Add<T>(string name, T? value, Action<JsonBody, T> write)
        where T : class
    {
        if (value is null)
            return this;
        Open(name);
        write(this, value);
        return Close();
    }

    /// <summary>A text in a list.</summary>
    public JsonBody Item(string value)
    {
        Separate(null);
        Quote(value);
        return this;
    }

    private JsonBody Number(string name, long value)
    {
        Separate(name);
        _text.Append(CultureInfo.InvariantCulture, $"{value}");
        return this;
    }

    private JsonBody Flag(string name, bool value)
    {
        Separate(name);
        _text.Append(value ? "true" : "false");
        return this;
    }

    private void Separate(string? name)
    {
        if (!_first)
            _text.Append(',');
        _first = false;
        if (name is null)
            return;
        Quote(name);
        _text.Append(':');
    }

    /// <summary>RFC 8259 §7: quotation mark, backslash and control characters are escaped; nothing else has to be.</summary>
    private void Quote(string value)
    {
        _text.Append('"');
        foreach (char letter in value)
        {
            if (letter is '"' or '\\')
                _text.Append('\\').Append(letter);
            else if (letter < ' ')
                _text.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
            else
                _text.Append(letter);
        }

        _text.Append('"');
    }
}
