using System.Text;

namespace Hafen.Dockerfile.Parse;

/// <summary>The words of an instruction, as they are written.</summary>
internal static class Words
{
    private static readonly char[] s_space = [' ', '\t'];

    /// <summary>The first word, whatever it holds, and what comes behind it, without spaces around.</summary>
    public static (string Word, string Arguments) First(string text)
    {
        string[] parts = text.Split(s_space, 2);
        return (parts[0], parts.Length > 1 ? parts[1].Trim() : "");
    }

    /// <summary>Quotes keep spaces together, a backslash keeps the next character; both stay. A variable is a part of its word, whatever its value.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (word.Length > 0)
                    words.Add(word.ToString());
                word.Clear();
                continue;
            }
            word.Append(c);
            if (c == '\\' && quote != '\'' && i + 1 < text.Length)
                word.Append(text[++i]);
            else if (quote != '\0')
                quote = c == quote ? '\0' : quote;
            else if (c is '"' or '\'')
                quote = c;
        }
        if (word.Length > 0)
            words.Add(word.ToString());
        return words;
    }
}
