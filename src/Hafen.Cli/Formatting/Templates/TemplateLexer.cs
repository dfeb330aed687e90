using System.Text;

namespace Hafen.Cli.Formatting.Templates;

/// <summary>Cuts a template of Go's text/template into words.</summary>
internal sealed class TemplateLexer(string source)
{
    private readonly List<TemplateToken> tokens = [];
    private int position;
    private bool space;

    public IReadOnlyList<TemplateToken> Read()
    {
        var trimNext = false;
        while (position < source.Length)
        {
            var open = source.IndexOf("{{", position, StringComparison.Ordinal);
            var text = open < 0 ? source[position..] : source[position..open];
            if (trimNext) text = text.TrimStart(' ', '\t', '\r', '\n');
            var trimsLeft = open >= 0 && open + 3 < source.Length && source[open + 2] == '-' && char.IsWhiteSpace(source[open + 3]);
            if (trimsLeft) text = text.TrimEnd(' ', '\t', '\r', '\n');
            if (text.Length > 0) tokens.Add(new TemplateToken(TokenKind.Text, text, position, false));
            if (open < 0) break;
            position = open + (trimsLeft ? 3 : 2);
            trimNext = SkipComment(open) ?? ReadAction(open);
        }

        tokens.Add(new TemplateToken(TokenKind.End, "", source.Length, false));
        return tokens;
    }

    /// <returns>Whether white space after the comment goes, or null when there is no comment.</returns>
    private bool? SkipComment(int open)
    {
        var start = position;
        while (start < source.Length && char.IsWhiteSpace(source[start])) start++;
        if (!source.AsSpan(start).StartsWith("/*")) return null;
        var end = source.IndexOf("*/", start + 2, StringComparison.Ordinal);
        if (end < 0) throw Failure(open, "unclosed comment");
        position = end + 2;
        var trims = source.AsSpan(position).StartsWith(" -}}");
        if (!trims && !source.AsSpan(position).StartsWith("}}")) throw Failure(open, "comment ends before closing delimiter");
        position += trims ? 4 : 2;
        return trims;
    }

    /// <returns>Whether white space after the action goes.</returns>
    private bool ReadAction(int open)
    {
        Add(TokenKind.Open, "", open);
        space = false;
        while (true)
        {
            if (position >= source.Length) throw Failure(open, "unclosed action");
            var rest = source.AsSpan(position);
            if (rest.StartsWith("}}")) return Close(2, trims: false);
            if (char.IsWhiteSpace(rest[0]) && rest[1..].StartsWith("-}}")) return Close(4, trims: true);
            if (char.IsWhiteSpace(rest[0]))
            {
                position++;
                space = true;
                continue;
            }

            ReadWord(rest[0]);
            space = false;
        }
    }

    private bool Close(int length, bool trims)
    {
        Add(TokenKind.Close, "", position);
        position += length;
        return trims;
    }

    private void ReadWord(char first)
    {
        var start = position;
        switch (first)
        {
            case '|': Single(TokenKind.Pipe); return;
            case '(': Single(TokenKind.LeftParenthesis); return;
            case ')': Single(TokenKind.RightParenthesis); return;
            case ',': Single(TokenKind.Comma); return;
            case '=': Single(TokenKind.Assign); return;
            case ':':
                if (!source.AsSpan(position).StartsWith(":=")) throw Failure(start, "expected :=");
                Add(TokenKind.Declare, ":=", start);
                position += 2;
                return;
            case '"': ReadQuoted(start); return;
            case '`': ReadRaw(start); return;
            case '\'': ReadCharacter(start); return;
            case '$':
                position++;
                Add(TokenKind.Variable, "$" + Name(), start);
                return;
            case '.' when position + 1 < source.Length && char.IsAsciiDigit(source[position + 1]): ReadNumber(start); return;
            case '.':
                position++;
                var field = Name();
                Add(field.Length == 0 ? TokenKind.Dot : TokenKind.Field, field, start);
                return;
        }

        if (char.IsAsciiDigit(first) || first is '+' or '-') ReadNumber(start);
        else if (char.IsLetter(first) || first == '_') Add(TokenKind.Identifier, Name(), start);
        else throw Failure(start, $"unexpected {Units.GoText.Quote(first.ToString())} in command");
    }

    private void Single(TokenKind kind)
    {
        Add(kind, source[position].ToString(), position);
        position++;
    }

    private string Name()
    {
        var start = position;
        while (position < source.Length && (char.IsLetterOrDigit(source[position]) || source[position] == '_')) position++;
        return source[start..position];
    }

    private void ReadNumber(int start)
    {
        position++;
        while (position < source.Length && (char.IsLetterOrDigit(source[position]) || source[position] is '.' or '_'
               || (source[position] is '+' or '-' && source[position - 1] is 'e' or 'E')))
            position++;
        Add(TokenKind.Number, source[start..position], start);
    }

    private void ReadRaw(int start)
    {
        var end = source.IndexOf('`', start + 1);
        if (end < 0) throw Failure(start, "unterminated raw quoted string");
        Add(TokenKind.String, source[(start + 1)..end], start);
        position = end + 1;
    }

    private void ReadCharacter(int start)
    {
        var value = Unquote(start, '\'', "unterminated character constant");
        Add(TokenKind.Character, value, start);
    }

    private void ReadQuoted(int start) => Add(TokenKind.String, Unquote(start, '"', "unterminated quoted string"), start);

    private string Unquote(int start, char quote, string complaint)
    {
        var text = new StringBuilder();
        position++;
        while (true)
        {
            if (position >= source.Length || source[position] == '\n') throw Failure(start, complaint);
            var letter = source[position++];
            if (letter == quote) return text.ToString();
            if (letter != '\\')
            {
                text.Append(letter);
                continue;
            }

            if (position >= source.Length) throw Failure(start, complaint);
            AppendEscape(text, source[position++], start);
        }
    }

    private void AppendEscape(StringBuilder text, char letter, int start)
    {
        switch (letter)
        {
            case 'n': text.Append('\n'); break;
            case 't': text.Append('\t'); break;
            case 'r': text.Append('\r'); break;
            case 'a': text.Append('\a'); break;
            case 'b': text.Append('\b'); break;
            case 'f': text.Append('\f'); break;
            case 'v': text.Append('\v'); break;
            case '\\' or '"' or '\'': text.Append(letter); break;
            case 'x': text.Append((char)Hex(2, start)); break;
            case 'u': text.Append((char)Hex(4, start)); break;
            case 'U': text.Append(char.ConvertFromUtf32(Hex(8, start))); break;
            default: throw Failure(start, "invalid syntax");
        }
    }

    private int Hex(int digits, int start)
    {
        if (position + digits > source.Length
            || !int.TryParse(source.AsSpan(position, digits), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value))
            throw Failure(start, "invalid syntax");
        position += digits;
        return value;
    }

    private void Add(TokenKind kind, string text, int at) => tokens.Add(new TemplateToken(kind, text, at, space));

    private TemplateException Failure(int at, string message)
        => new($"template: :{source.AsSpan(0, at).Count('\n') + 1}: {message}");
}
