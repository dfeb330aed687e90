using System.Text;

namespace Hafen.Engine.Images.Changes;

/// <summary>Words of an instruction: quotes keep spaces together, a backslash keeps the next character.</summary>
internal static class ChangeWords
{
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool inWord = false;
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\\' && quote != '\'' && i + 1 < text.Length)
            {
                word.Append(text[++i]);
                inWord = true;
            }
            else if (quote != '\0')
            {
                if (c == quote) quote = '\0';
                else word.Append(c);
            }
            else if (c is '"' or '\'')
            {
                quote = c;
                inWord = true;
            }
            else if (char.IsWhiteSpace(c))
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }
        if (quote != '\0') throw EngineException.InvalidParameter($"unexpected end of statement while looking for matching {(quote == '"' ? "double" : "single")}-quote");
        if (inWord) words.Add(word.ToString());
        return words;
    }

    /// <summary>The one word of an instruction.</summary>
    public static string Single(string instruction, string text)
        => Split(text) is [var word] ? word : throw EngineException.InvalidParameter($"{instruction} requires exactly one argument");

    /// <summary>The text without quotes, spaces kept.</summary>
    public static string Unquote(string text) => string.Join(' ', Split(text));

    /// <summary><c>a=b c="d e"</c>, or the old form <c>a rest of the line</c>.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Pairs(string instruction, string text)
    {
        string first = text.Split([' ', '\t'], 2)[0];
        if (!first.Contains('='))
        {
            string[] parts = text.Split([' ', '\t'], 2);
            if (parts.Length < 2) throw EngineException.InvalidParameter($"{instruction} must have two arguments");
            return [new(parts[0], Unquote(parts[1].Trim()))];
        }
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (string word in Split(text))
        {
            int equals = word.IndexOf('=');
            if (equals < 0) throw EngineException.InvalidParameter($"Syntax error - can't find = in \"{word}\". Must be of the form: name=value");
            if (equals == 0) throw EngineException.InvalidParameter($"{instruction} names can not be blank");
            pairs.Add(new(word[..equals], word[(equals + 1)..]));
        }
        return pairs;
    }
}
