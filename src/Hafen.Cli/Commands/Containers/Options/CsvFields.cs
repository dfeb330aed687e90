using System.Text;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary>One line of comma-separated fields; a field in double quotes may hold commas (RFC 4180).</summary>
internal static class CsvFields
{
    public static IReadOnlyList<string> Split(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        for (int index = 0; index < line.Length; index++)
        {
            char letter = line[index];
            if (quoted && letter == '"' && index + 1 < line.Length && line[index + 1] == '"')
            {
                field.Append('"');
                index++;
            }
            else if (letter == '"' && quoted)
            {
                if (index + 1 < line.Length && line[index + 1] != ',')
                    throw Quotes(index);
                quoted = false;
            }
            else if (letter == '"')
            {
                if (field.Length > 0)
                    throw new FormatException($"parse error on line 1, column {index + 1}: bare \" in non-quoted-field");
                quoted = true;
            }
            else if (letter == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(letter);
            }
        }

        if (quoted)
            throw Quotes(line.Length);
        fields.Add(field.ToString());
        return fields;
    }

    private static FormatException Quotes(int index) => new($"parse error on line 1, column {index + 1}: extraneous or missing \" in quoted-field");
}
