namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--cap-add</c> and <c>--cap-drop</c> with full names, sorted, each once. What contradicts is the daemon's to decide.</summary>
internal static class CapabilityLists
{
    public static IReadOnlyList<string> Names(IEnumerable<string> texts) => [.. new SortedSet<string>(texts.Select(Name), StringComparer.Ordinal)];

    private static string Name(string text)
    {
        string name = text.Trim().ToUpperInvariant();
        return name == "ALL" || name.StartsWith("CAP_", StringComparison.Ordinal) ? name : "CAP_" + name;
    }
}
