using System.Text;

namespace Hafen.Dockerfile.Expand;

/// <summary>
/// A text with quotes, backslashes and variables: <c>$a</c>, <c>${a}</c>, <c>${a:-other}</c>, <c>${a:+other}</c>, <c>${a:?message}</c>; without the colon an
/// empty value counts as one. Single quotes keep all that is between them.
/// </summary>
internal sealed class VariableText(string text, Variables variables)
{
    private const int DeepestNesting = 50;

    private int _at, _depth;

    /// <summary>The text without its quotes and backslashes, with values in place of variables.</summary>
    /// <exception cref="DockerfileException">A quote or brace is not closed, or a variable has to be set and is not.</exception>
    public static string Expand(string text, Variables variables) => new VariableText(text, variables).Until('\0');

    /// <summary>What stands before the next <paramref name="end"/> outside of quotes, or before the text's end.</summary>
    private string Until(char end)
    {
        var result = new StringBuilder();
        while (_at < text.Length)
        {
            char c = text[_at++];
            if (c == end)
                return result.ToString();
            switch (c)
            {
                case '\\':
                    // One at the very end is dropped.
                    if (_at < text.Length)
                        result.Append(text[_at++]);
                    break;
                case '\'':
                    int close = text.IndexOf('\'', _at);
                    if (close < 0)
                        throw NotClosed("single");
                    result.Append(text, _at, close - _at);
                    _at = close + 1;
                    break;
                case '"':
                    Quoted(result);
                    break;
                case '$':
                    result.Append(Variable());
                    break;
                default:
                    result.Append(c);
                    break;
            }
        }
        return end == '\0' ? result.ToString() : throw new DockerfileException("syntax error: missing '}'");
    }

    private void Quoted(StringBuilder result)
    {
        while (_at < text.Length)
        {
            char c = text[_at++];
            if (c == '"')
                return;
            if (c == '$')
                result.Append(Variable());
            else if (c == '\\' && _at == text.Length)
                break;
            // Within quotes a backslash is one, unless the next character would mean something.
            else if (c == '\\' && text[_at] is '"' or '$' or '\\')
                result.Append(text[_at++]);
            else
                result.Append(c);
        }
        throw NotClosed("double");
    }

    private string Variable()
    {
        if (_at == text.Length)
            return "$";
        if (text[_at] != '{')
            return Name() is { Length: > 0 } plain ? variables(plain) ?? "" : "$";
        if (++_depth > DeepestNesting)
            throw new DockerfileException("variables are nested too deeply");
        _at++;
        string name = Name();
        if (_at == text.Length)
            throw new DockerfileException("syntax error: missing '}'");
        if (name.Length == 0)
            throw new DockerfileException("syntax error: bad substitution");
        string? value = variables(name);
        char sign = text[_at++];
        bool emptyCounts = sign != ':';
        if (!emptyCounts)
            sign = _at < text.Length ? text[_at++] : '\0';
        if (sign == '}' && emptyCounts)
        {
            _depth--;
            return value ?? "";
        }
        if (sign is not ('-' or '+' or '?'))
            throw new DockerfileException($"unsupported modifier ({(emptyCounts ? "" : ":")}{(sign == '\0' ? "" : sign)}) in substitution");
        string other = Until('}');
        _depth--;
        bool isSet = value is not null && (emptyCounts || value.Length > 0);
        return sign switch
        {
            '-' => isSet ? value! : other,
            '+' => isSet ? other : "",
            _ => isSet ? value! : throw new DockerfileException($"{name}: {(other.Length > 0 ? other : $"is not allowed to be {(value is null ? "unset" : "empty")}")}"),
        };
    }

    /// <summary>Letters, digits and underscores; a number where it begins with a digit. Empty when there is none.</summary>
    private string Name()
    {
        int start = _at;
        bool number = _at < text.Length && char.IsDigit(text[_at]);
        while (_at < text.Length && (number ? char.IsDigit(text[_at]) : char.IsLetterOrDigit(text[_at]) || text[_at] == '_'))
            _at++;
        return text[start.._at];
    }

    private static DockerfileException NotClosed(string kind)
        => new DockerfileException($"unexpected end of statement while looking for matching {kind}-quote");
}
