using System.Text;

namespace Hafen.Cli.Formatting.Tables;

/// <summary>
/// Columns after Go's text/tabwriter with a minimum width and a padding of blanks: a cell ends with a tab, the rest of a line after its
/// last tab is no cell, and a column's width holds for the consecutive lines that have a cell there.
/// </summary>
internal static class TabWriter
{
    public const int DefaultMinimum = 10;
    public const int DefaultPadding = 3;

    public static string Align(string text, int minimum = DefaultMinimum, int padding = DefaultPadding)
    {
        bool ends = text.EndsWith('\n');
        var lines = (ends ? text[..^1] : text).Split('\n').Select(line => line.Split('\t')).ToList();
        var widths = lines.ConvertAll(line => new int[line.Length]);
        Measure(lines, widths, 0, lines.Count, 0, minimum, padding);

        var result = new StringBuilder(text.Length * 2);
        for (int row = 0; row < lines.Count; row++)
        {
            if (row > 0)
                result.Append('\n');
            for (int column = 0; column < lines[row].Length; column++)
            {
                result.Append(lines[row][column]);
                if (column < lines[row].Length - 1)
                    result.Append(' ', widths[row][column] - Width(lines[row][column]));
            }
        }

        if (ends)
            result.Append('\n');
        return result.ToString();
    }

    /// <summary>Finds the blocks of one column between two lines, and in each block those of the next column.</summary>
    private static void Measure(List<string[]> lines, List<int[]> widths, int from, int to, int column, int minimum, int padding)
    {
        for (int row = from; row < to; row++)
        {
            if (column >= lines[row].Length - 1)
                continue;
            int end = row;
            int width = minimum;
            while (end < to && column < lines[end].Length - 1)
            {
                width = Math.Max(width, Width(lines[end][column]) + padding);
                end++;
            }

            for (int inside = row; inside < end; inside++)
                widths[inside][column] = width;
            Measure(lines, widths, row, end, column + 1, minimum, padding);
            row = end - 1;
        }
    }

    private static int Width(string cell)
    {
        int width = 0;
        foreach (var _ in cell.EnumerateRunes())
            width++;
        return width;
    }
}
