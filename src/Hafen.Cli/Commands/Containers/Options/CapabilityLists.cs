namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--cap-add</c> and <c>--cap-drop</c> with full names, sorted. ALL stands for the whole list, and what is added is not dropped.</summary>
internal static class CapabilityLists
{
    private const string All = "ALL";

    public static (IReadOnlyList<string> Add, IReadOnlyList<string> Drop) Resolve(IEnumerable<string> add, IEnumerable<string> drop)
    {
        var added = Names(add);
        var dropped = Names(drop);
        dropped.ExceptWith(added);
        return ([.. added], [.. dropped]);
    }

    private static SortedSet<string> Names(IEnumerable<string> texts)
    {
        var names = new SortedSet<string>(texts.Select(Name), StringComparer.Ordinal);
        return names.Contains(All) ? new SortedSet<string>(StringComparer.Ordinal) { All } : names;
    }

    private static string Name(string text)
    {
        var name = text.Trim().ToUpperInvariant();
        return name == All || name.StartsWith("CAP_", StringComparison.Ordinal) ? name : "CAP_" + name;
    }
}
