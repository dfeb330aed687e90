using System.Text;

namespace Hafen.Cli.Formatting;

/// <summary>Lays out JSON as Go does, without touching its values: numbers, escapes and the order of members stay as the daemon wrote them.</summary>
internal static class JsonLayout
{
    private const string Step = "    ";

    /// <summary>Over many lines, indented by four.</summary>
    public static string Indent(string json) => Lay(json, indent: true);

    /// <summary>On one line.</summary>
    public static string Compact(string json) => Lay(json, indent: false);

    private static string Lay(string json, bool indent)
    {
        var text = new StringBuilder(json.Length * 2);
        int depth = 0;
        for (int index = 0; index < json.Length; index++)
        {
            char letter = json[index];
            switch (letter)
            {
                case '"':
                    int end = EndOfText(json, index);
                    text.Append(json, index, end - index);
                    index = end - 1;
                    break;
                case ' ' or '\t' or '\r' or '\n':
                    break;
                case '{' or '[':
                    text.Append(letter);
                    int next = NextLetter(json, index + 1);
                    if (next < json.Length && json[next] == (letter == '{' ? '}' : ']'))
                    {
                        text.Append(json[next]);
                        index = next;
                        break;
                    }

                    depth++;
                    NewLine(text, depth, indent);
                    break;
                case '}' or ']':
                    depth--;
                    NewLine(text, depth, indent);
                    text.Append(letter);
                    break;
                case ',':
                    text.Append(letter);
                    NewLine(text, depth, indent);
                    break;
                case ':':
                    text.Append(indent ? ": " : ":");
                    break;
                default:
                    text.Append(letter);
                    break;
            }
        }

        return text.ToString();
    }

    private static int EndOfText(string json, int start)
    {
        int index = start + 1;
        while (json[index] != '"')
            index += json[index] == '\\' ? 2 : 1;
        return index + 1;
    }

    private static int NextLetter(string json, int index)
    {
        while (index < json.Length && char.IsWhiteSpace(json[index]))
            index++;
        return index;
    }

    private static void NewLine(StringBuilder text, int depth, bool indent)
    {
        if (!indent)
            return;
        text.Append('\n');
        for (int level = 0; level < depth; level++)
            text.Append(Step);
    }
}
