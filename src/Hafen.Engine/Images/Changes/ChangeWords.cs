using System.Text;

namespace Hafen.Engine.Images.Changes;

/// <summary>
/// Words of an instruction: quotes keep spaces together, a backslash keeps the next character, variables get the values they have at this point.
/// </summary>
/// <param name="variables">Value of a variable; null when it is not set.</param>
internal sealed class ChangeWords(Func<string, string?> variables)
{
    /// <summary>The words, without quotes, with values instead of variables.</summary>
    public IReadOnlyList<string> Split(string text) => [.. Raw(text).Select(Expand)];

    /// <summary>The one word of an instruction.</summary>
    public string Single(string instruction, string text)
        => Split(text) is [var word] ? word : throw EngineException.InvalidParameter($"{instruction} requires exactly one argument");

    /// <summary>The text without quotes, with values instead of variables, spaces kept.</summary>
    public string Expand(string text) => new VariableText(text, variables).Expand();

    /// <summary><c>a=b c="d e"</c>, or the old form <c>a rest of the line</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs(string instruction, string text)
    {
        string first = text.Split([' ', '\t'], 2)[0];
        if (!first.Contains('='))
        {
            string[] parts = text.Split([' ', '\t'], 2);
            if (parts.Length < 2) throw EngineException.InvalidParameter($"{instruction} must have two arguments");
            return [new(Expand(parts[0]), Expand(parts[1].Trim()))];
        }
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (string word in Raw(text))
        {
            int equals = word.IndexOf('=');
            if (equals < 0) throw EngineException.InvalidParameter($"Syntax error - can't find = in \"{word}\". Must be of the form: name=value");
            string name = Expand(word[..equals]);
            if (name.Length == 0) throw EngineException.InvalidParameter($"{instruction} names can not be blank");
            pairs.Add(new(name, Expand(word[(equals + 1)..])));
        }
        return pairs;
    }

    /// <summary>The words as they are written: a value with spaces makes no more of them.</summary>
    private static List<string> Raw(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (word.Length > 0) words.Add(word.ToString());
                word.Clear();
                continue;
            }
            word.Append(c);
            if (c == '\\' && quote != '\'' && i + 1 < text.Length) word.Append(text[++i]);
            else if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '"' or '\'') quote = c;
        }
        if (word.Length > 0) words.Add(word.ToString());
        return words;
    }
}
