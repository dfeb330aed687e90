using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Hafen.Cli.Formatting.Templates;

/// <summary>The functions of Go's templates, and docker's: <c>json split join title lower upper pad truncate</c>.</summary>
internal static class TemplateFunctions
{
    private static readonly IReadOnlySet<string> s_names =
    new HashSet<string>
    {
        "and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len", "index", "slice", "print", "printf", "println", "html", "js", "urlquery",
        "call", "json", "split", "join", "title", "lower", "upper", "pad", "truncate",
    };

    public static bool Exists(string name) => s_names.Contains(name);

    /// <summary>Applies a function.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Arguments, the piped one last.</param>
    /// <param name="header">In a table's header the text functions return their first argument.</param>
    public static object? Call(string name, IReadOnlyList<object?> arguments, bool header)
    {
        if (header && name is "json" or "split" or "join" or "title" or "lower" or "upper" or "truncate")
            return First(name, arguments);
        return name switch
        {
            "not" => !TemplateValue.IsTrue(Single(name, arguments)),
            "eq" => TemplateComparison.EqualsAny(arguments),
            "ne" => !TemplateComparison.AreEqual(Two(name, arguments).Left, arguments[1]),
            "lt" => TemplateComparison.Compare(Two(name, arguments).Left, arguments[1], name) < 0,
            "le" => TemplateComparison.Compare(Two(name, arguments).Left, arguments[1], name) <= 0,
            "gt" => TemplateComparison.Compare(Two(name, arguments).Left, arguments[1], name) > 0,
            "ge" => TemplateComparison.Compare(Two(name, arguments).Left, arguments[1], name) >= 0,
            "len" => Length(Single(name, arguments)),
            "index" => Index(arguments),
            "slice" => arguments is [string text, ..] ? SliceText(text, arguments) : SliceList(arguments),
            "print" => GoPrint.Print(arguments),
            "println" => GoPrint.PrintLine(arguments),
            "printf" => GoPrint.Format(arguments),
            "html" => Escape(GoPrint.Print(arguments), HtmlEscape),
            "js" => Escape(GoPrint.Print(arguments), JavaScriptEscape),
            "urlquery" => Uri.EscapeDataString(GoPrint.Print(arguments)).Replace("%20", "+", StringComparison.Ordinal),
            "call" => throw new TemplateException("error calling call: non-function"),
            _ => Text(name, arguments),
        };
    }

    private static object? Text(string name, IReadOnlyList<object?> arguments) => name switch
    {
        "json" => TemplateValue.Json(Single(name, arguments)),
        "split" => Split(StringOf(name, arguments, 0), StringOf(name, arguments, 1)),
        "join" => Join(arguments),
        "title" => Title(StringOf(name, arguments, 0)),
        "lower" => StringOf(name, arguments, 0).ToLowerInvariant(),
        "upper" => StringOf(name, arguments, 0).ToUpperInvariant(),
        "pad" => Pad(StringOf(name, arguments, 0), NumberOf(name, arguments, 1), NumberOf(name, arguments, 2)),
        _ => Truncate(StringOf(name, arguments, 0), NumberOf(name, arguments, 1)),
    };

    private static object? First(string name, IReadOnlyList<object?> arguments)
        => arguments.Count > 0 ? arguments[0] : throw WrongCount(name, 1, 0);

    private static object? Single(string name, IReadOnlyList<object?> arguments)
        => arguments.Count == 1 ? arguments[0] : throw WrongCount(name, 1, arguments.Count);

    private static (object? Left, object? Right) Two(string name, IReadOnlyList<object?> arguments)
        => arguments.Count == 2 ? (arguments[0], arguments[1]) : throw WrongCount(name, 2, arguments.Count);

    private static string StringOf(string name, IReadOnlyList<object?> arguments, int index)
    {
        if (index >= arguments.Count)
            throw WrongCount(name, index + 1, arguments.Count);
        return arguments[index] switch
        {
            string text => text,
            NullValue or null => "",
            var other => throw new TemplateException($"wrong type for value; expected string; got {TemplateValue.TypeName(other)}"),
        };
    }

    private static int NumberOf(string name, IReadOnlyList<object?> arguments, int index)
        => index >= arguments.Count ? throw WrongCount(name, index + 1, arguments.Count)
            : arguments[index] is long number ? (int)number
            : throw new TemplateException($"wrong type for value; expected int; got {TemplateValue.TypeName(arguments[index])}");

    private static TemplateException WrongCount(string name, int wanted, int given)
        => new($"wrong number of args for {name}: want {wanted} got {given}");

    private static long Length(object? value) => value switch
    {
        string text => Encoding.UTF8.GetByteCount(text),
        JsonElement { ValueKind: JsonValueKind.Object } map => map.EnumerateObject().Count(),
        null => throw new TemplateException("error calling len: len of nil pointer"),
        _ => TemplateValue.Items(value)?.Count ?? throw new TemplateException($"error calling len: len of type {TemplateValue.TypeName(value)}"),
    };

    private static object? Index(IReadOnlyList<object?> arguments)
    {
        if (arguments.Count == 0)
            throw WrongCount("index", 1, 0);
        object? value = arguments[0];
        foreach (object? key in arguments.Skip(1))
        {
            value = value switch
            {
                JsonElement { ValueKind: JsonValueKind.Object } map => IndexMap(map, key),
                null => throw new TemplateException("error calling index: index of untyped nil"),
                NullValue when key is string => "",
                string text => IndexText(text, key),
                _ when TemplateValue.Items(value) is { } items => IndexList(items, key),
                _ => throw new TemplateException($"error calling index: can't index item of type {TemplateValue.TypeName(value)}"),
            };
        }

        return value;
    }

    private static object? IndexMap(JsonElement map, object? key)
    {
        if (key is not string name)
            throw new TemplateException($"error calling index: value has type {TemplateValue.TypeName(key)}; should be string");
        if (map.TryGetProperty(name, out var member))
            return TemplateValue.FromJson(member, name);

        // A missing key gives the zero value of the map's elements, which the other elements tell.
        foreach (var other in map.EnumerateObject())
            return other.Value.ValueKind switch { JsonValueKind.Array => NullValue.List, JsonValueKind.Object => NullValue.Pointer, JsonValueKind.Null => NullValue.List, _ => "" };
        return "";
    }

    private static object? IndexList(IReadOnlyList<object?> items, object? key)
    {
        if (key is not long position)
            throw new TemplateException($"error calling index: cannot index slice/array with type {TemplateValue.TypeName(key)}");
        if (position < 0 || position >= items.Count)
            throw new TemplateException($"error calling index: reflect: slice index out of range");
        return items[(int)position];
    }

    private static long IndexText(string text, object? key)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (key is not long position || position < 0 || position >= bytes.Length)
            throw new TemplateException("error calling index: index out of range");
        return (long)bytes[position];
    }

    private static string SliceText(string text, IReadOnlyList<object?> arguments)
    {
        var (from, to) = SliceBounds(arguments, text.Length);
        return text[from..to];
    }

    private static object?[] SliceList(IReadOnlyList<object?> arguments)
    {
        if (arguments.Count == 0)
            throw WrongCount("slice", 1, 0);
        var items = TemplateValue.Items(arguments[0])
            ?? throw new TemplateException($"error calling slice: can't slice item of type {TemplateValue.TypeName(arguments[0])}");
        var (from, to) = SliceBounds(arguments, items.Count);
        return items.Skip(from).Take(to - from).ToArray();
    }

    private static (int From, int To) SliceBounds(IReadOnlyList<object?> arguments, int length)
    {
        int from = arguments.Count > 1 ? NumberOf("slice", arguments, 1) : 0;
        int to = arguments.Count > 2 ? NumberOf("slice", arguments, 2) : length;
        return from < 0 || to > length || from > to
            ? throw new TemplateException($"error calling slice: index out of range: {(to > length ? to : from)}")
            : (from, to);
    }

    private static string Join(IReadOnlyList<object?> arguments)
    {
        string separator = StringOf("join", arguments, 1);
        if (arguments[0] is null or NullValue)
            return "";
        var items = TemplateValue.Items(arguments[0]);
        if (items is null && arguments[0] is JsonElement { ValueKind: JsonValueKind.Object } map)
            items = [.. TemplateValue.Entries(map).Select(entry => (object?)TemplateValue.Print(entry.Value)).OrderBy(text => (string)text!, StringComparer.Ordinal)];
        if (items is null)
            throw new TemplateException($"error calling join: expected slice, got {TemplateValue.TypeName(arguments[0])}");
        return string.Join(separator, items.Select(TemplateValue.Print));
    }

    private static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        bool inWord = false;
        foreach (char letter in text)
        {
            result.Append(inWord ? letter : char.ToUpperInvariant(letter));
            inWord = char.IsLetterOrDigit(letter) || letter is '_' or '\'';
        }

        return result.ToString();
    }

    private static string Pad(string text, int before, int after)
        => text.Length == 0 ? text : new string(' ', before) + text + new string(' ', after);

    private static string Truncate(string text, int length)
        => length < 0 ? throw new TemplateException($"error calling truncate: slice bounds out of range [:{length}]")
            : text.Length < length ? text : text[..length];

    /// <summary>An empty separator cuts between all characters.</summary>
    private static object?[] Split(string text, string separator)
        => separator.Length == 0 ? [.. text.EnumerateRunes().Select(rune => rune.ToString())] : [.. text.Split(separator)];

    private static string Escape(string text, Func<char, string?> escape)
    {
        var result = new StringBuilder(text.Length);
        foreach (char letter in text)
        {
            if (escape(letter) is { } replaced)
                result.Append(replaced);
            else
                result.Append(letter);
        }

        return result.ToString();
    }

    private static string? HtmlEscape(char letter) => letter switch
    {
        '"' => "&#34;",
        '\'' => "&#39;",
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '\0' => "\uFFFD",
        _ => null,
    };

    private static string? JavaScriptEscape(char letter) => letter switch
    {
        '\\' => @"\\",
        '\'' => @"\'",
        '"' => "\\\"",
        '<' => @"\u003C",
        '>' => @"\u003E",
        '&' => @"\u0026",
        '=' => @"\u003D",
        < ' ' => @"\u" + ((int)letter).ToString("X4", CultureInfo.InvariantCulture),
        _ => null,
    };
}
