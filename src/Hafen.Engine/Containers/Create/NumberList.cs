using System.Globalization;

namespace Hafen.Engine.Containers.Create;

/// <summary>Lists of processors or memory nodes such as <c>0-2,4</c> (cpuset(7), "List format").</summary>
internal static class NumberList
{
    /// <summary>No host has more; a longer range is a mistake or an attack on our memory (CVE-2018-20699).</summary>
    private const int Most = 8192;

    /// <summary>Whether all that is asked for is there.</summary>
    /// <param name="requested">The list of the request.</param>
    /// <param name="available">The list of the host; empty when the host does not say.</param>
    /// <param name="problem">Docker's words for what is malformed; null when the list is one.</param>
    public static bool IsAvailable(string requested, string available, out string? problem)
    {
        problem = null;
        var there = available.Length == 0 ? null : Parse(available, out _);
        if (Parse(requested, out problem) is not { } wanted)
            return false;
        return there is null || wanted.TrueForAll(range => Cover(there, range));
    }

    private static bool Cover(List<(int First, int Last)> ranges, (int First, int Last) wanted)
    {
        for (int next = wanted.First; next <= wanted.Last;)
        {
            int at = ranges.FindIndex(has => has.First <= next && next <= has.Last);
            if (at < 0)
                return false;
            next = ranges[at].Last + 1;
        }
        return true;
    }

    private static List<(int First, int Last)>? Parse(string text, out string? problem)
    {
        var ranges = new List<(int, int)>();
        foreach (string part in text.Split(','))
        {
            int dash = part.IndexOf('-', StringComparison.Ordinal);
            string first = dash < 0 ? part : part[..dash], last = dash < 0 ? part : part[(dash + 1)..];
            if (!long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out long from)
                || !long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out long to) || to < from)
            {
                problem = $"invalid format: {text}";
                return null;
            }
            if (to > Most)
            {
                problem = $"value of out range, maximum is {Most}";
                return null;
            }
            ranges.Add(((int)from, (int)to));
        }
        problem = null;
        return ranges;
    }
}
