using System.Text;

namespace Hafen.Cli.Formatting.Templates;

/// <summary>Cuts a template of Go's text/template into words.</summary>
internal sealed class TemplateLexer(string source)
{
    private readonly List<TemplateToken> _tokens = [];
    private int _position;
    private bool _space;

    public IReadOnlyList<TemplateToken> Read()
    {
        bool trimNext = false;
        while (_position < source.Length)
        {
            int open = source.IndexOf("{{", _position, StringComparison.Ordinal);
            string text = open < 0 ? source[_position..] : source[_position..open];
            if (trimNext)
                text = text.TrimStart(' ', '\t', '\r', '\n');
            bool trimsLeft = open >= 0 && open + 3 < source.Length && source[open + 2] == '-' && char.IsWhiteSpace(source[open + 3]);
            if (trimsLeft)
                text = text.TrimEnd(' ', '\t', '\r', '\n');
            if (text.Length > 0)
                _tokens.Add(new TemplateToken(TokenKind.Text, text, _position, false));
            if (open < 0)
                break;
            _position = open + (trimsLeft ? 3 : 2);
            trimNext = SkipComment(open) ?? ReadAction(open);
        }

        _tokens.Add(new TemplateToken(TokenKind.End, "", source.Length, false));
        return _tokens;
    }

    /// <returns>Whether white space after the comment goes, or null when there is no comment.</returns>
    private bool? SkipComment(int open)
    {
        int start = _position;
        while (start < source.Length && char.IsWhiteSpace(source[start]))
            start++;
        if (!source.AsSpan(start).StartsWith("/*"))
            return null;
        int end = source.IndexOf("*/", start + 2, StringComparison.Ordinal);
        if (end < 0)
            throw Failure(open, "unclosed comment");
        _position = end + 2;
        bool trims = source.AsSpan(_position).StartsWith(" -}}");
        if (!trims && !source.AsSpan(_position).StartsWith("}}"))
            throw Failure(open, "comment ends before closing delimiter");
        _position += trims ? 4 : 2;
        return trims;
    }

    /// <returns>Whether white space after the action goes.</returns>
    private bool ReadAction(int open)
    {
        Add(TokenKind.Open, "", open);
        _space = false;
        while (true)
        {
            if (_position >= source.Length)
                throw Failure(open, "unclosed action");
            var rest = source.AsSpan(_position);
            if (rest.StartsWith("}}"))
                return Close(2, trims: false);
            if (char.IsWhiteSpace(rest[0]) && rest[1..].StartsWith("-}}"))
                return Close(4, trims: true);
            if (char.IsWhiteSpace(rest[0]))
            {
                _position++;
                _space = true;
                continue;
            }

            ReadWord(rest[0]);
            _space = false;
        }
    }

    private bool Close(int length, bool trims)
    {
        Add(TokenKind.Close, "", _position);
        _position += length;
        return trims;
    }

    private void ReadWord(char first)
    {
        int start = _position;
        switch (first)
        {
            case '|': Single(TokenKind.Pipe); return;
            case '(': Single(TokenKind.LeftParenthesis); return;
            case ')': Single(TokenKind.RightParenthesis); return;
            case ',': Single(TokenKind.Comma); return;
            case '=': Single(TokenKind.Assign); return;
            case ':':
                if (!source.AsSpan(_position).StartsWith(":="))
                    throw Failure(start, "expected :=");
                Add(TokenKind.Declare, ":=", start);
                _position += 2;
                return;
            case '"': ReadQuoted(start); return;
            case '`': ReadRaw(start); return;
            case '\'': ReadCharacter(start); return;
            case '$':
                _position++;
                Add(TokenKind.Variable, "$" + Name(), start);
                return;
            case '.' when _position + 1 < source.Length && char.IsAsciiDigit(source[_position + 1]): ReadNumber(start); return;
            case '.':
                _position++;
                string field = Name();
                Add(field.Length == 0 ? TokenKind.Dot : TokenKind.Field, field, start);
                return;
        }

        if (char.IsAsciiDigit(first) || first is '+' or '-')
            ReadNumber(start);
        else if (char.IsLetter(first) || first == '_')
            Add(TokenKind.Identifier, Name(), start);
        else
            throw Failure(start, $"unexpected {Units.GoText.Quote(first.ToString())} in command");
    }

    private void Single(TokenKind kind)
    {
        Add(kind, source[_position].ToString(), _position);
        _position++;
    }

    private string Name()
    {
        int start = _position;
        while (_position < source.Length && (char.IsLetterOrDigit(source[_position]) || source[_position] == '_'))
            _position++;
        return source[start.._position];
    }

    private void ReadNumber(int start)
    {
        _position++;
        while (_position < source.Length && (char.IsLetterOrDigit(source[_position]) || source[_position] is '.' or '_'
               || (source[_position] is '+' or '-' && source[_position - 1] is 'e' or 'E')))
        {
            _position++;
        }
        Add(TokenKind.Number, source[start.._position], start);
    }

    private void ReadRaw(int start)
    {
        int end = source.IndexOf('`', start + 1);
        if (end < 0)
            throw Failure(start, "unterminated raw quoted string");
        Add(TokenKind.String, source[(start + 1)..end], start);
        _position = end + 1;
    }

    private void ReadCharacter(int start)
    {
        string value = Unquote(start, '\'', "unterminated character constant");
        Add(TokenKind.Character, value, start);
    }

    private void ReadQuoted(int start) => Add(TokenKind.String, Unquote(start, '"', "unterminated quoted string"), start);

    private string Unquote(int start, char quote, string complaint)
    {
        var text = new StringBuilder();
        _position++;
        while (true)
        {
            if (_position >= source.Length || source[_position] == '\n')
                throw Failure(start, complaint);
            char letter = source[_position++];
            if (letter == quote)
                return text.ToString();
            if (letter != '\\')
            {
                text.Append(letter);
                continue;
            }

            if (_position >= source.Length)
                throw Failure(start, complaint);
            AppendEscape(text, source[_position++], start);
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
        if (_position + digits > source.Length
            || !int.TryParse(source.AsSpan(_position, digits), System.Globalization.NumberStyles.AllowHexSpecifier, null, out int value))
        {
            throw Failure(start, "invalid syntax");
        }
        _position += digits;
        return value;
    }

    private void Add(TokenKind kind, string text, int at) => _tokens.Add(new TemplateToken(kind, text, at, _space));

    private TemplateException Failure(int at, string message)
        => new($"template: :{source.AsSpan(0, at).Count('\n') + 1}: {message}");
}
