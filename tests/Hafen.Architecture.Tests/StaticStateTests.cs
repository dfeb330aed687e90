using System.Text.RegularExpressions;

namespace Hafen.Architecture.Tests;

/// <summary>
/// Nothing static is mutable: what one request changes in a shared object, every other request finds changed. A static collection is declared as what cannot be
/// changed through it, an array is seen by its own type alone.
/// </summary>
public sealed partial class StaticStateTests
{
    /// <summary>Written by one thread alone, or a counter that is only ever incremented with <c>Interlocked</c>.</summary>
    private static readonly string[] s_allowed =
    [
        "src/Hafen.Engine/Monitors/MonitorConnection.cs: s_buffer",
        "src/Hafen.Daemon/Http/Transport/PipedConnection.cs: s_lastId",
    ];

    [Fact]
    public void No_static_member_is_mutable()
        => Assert.Empty(Repository.Rooms().SelectMany(Repository.Sources)
            .SelectMany(file => Offenders(File.ReadLines(file)).Select(name => $"{Path.GetRelativePath(Repository.Root, file)}: {name}"))
            .Except(s_allowed));

    [Theory]
    [InlineData("    private static int s_count;")]
    [InlineData("    [ThreadStatic] private static byte[]? s_count;")]
    [InlineData("    internal static string Name { get; set; } = \"\";")]
    [InlineData("    private static readonly List<string> s_all = [];")]
    [InlineData("    public static Dictionary<string, int> All { get; } = new()")]
    [InlineData("    internal static readonly ConcurrentDictionary<string, int> All =")]
    [InlineData("    public static readonly string[] Names = [\"a\"];")]
    public void What_is_mutable_is_seen(string line) => Assert.Single(Offenders([line]));

    [Theory]
    [InlineData("    private static readonly string[] s_names = [\"a\"];")]
    [InlineData("    public static IReadOnlyList<string> All { get; } =")]
    [InlineData("    public static string[] Names => [\"a\"];")]
    [InlineData("    public static List<string> Read(string path, bool all = false)")]
    [InlineData("    private const string Name = \"a\";")]
    [InlineData("    private readonly List<string> _all = [];")]
    public void What_is_not_is_left_alone(string line) => Assert.Empty(Offenders([line]));

    private static IEnumerable<string> Offenders(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            var member = StaticMember().Match(line);
            if (!member.Success)
                continue;
            string modifiers = member.Groups["modifiers"].Value, type = member.Groups["type"].Value, rest = member.Groups["rest"].Value;
            bool fixedValue = modifiers.Contains("readonly", StringComparison.Ordinal) || (rest.StartsWith('{') && !rest.Contains("set;", StringComparison.Ordinal));
            bool sharedArray = type.TrimEnd('?').EndsWith(']') && !modifiers.Contains("private", StringComparison.Ordinal);
            if (!fixedValue || sharedArray || MutableType().IsMatch(type))
                yield return member.Groups["name"].Value;
        }
    }

    [GeneratedRegex(@"^\s*(\[[^\]]*\]\s*)*(?<modifiers>((public|internal|private|protected|readonly|volatile|new|unsafe)\s+)*static\s+((readonly|volatile|new|unsafe)\s+)*)(?!(class|partial|extern|implicit|explicit|delegate|event)\b)(?<type>[\w.]+(<[^=;{}()]*>)?(\[[\],]*)?\??)\s+(?<name>\w+)\s*(?<rest>=(?!>).*|;|\{\s*get.*)$")]
    private static partial Regex StaticMember();

    [GeneratedRegex(@"^([\w.]+\.)?(Dictionary|HashSet|List|SortedDictionary|SortedList|SortedSet|OrderedDictionary|Queue|PriorityQueue|Stack|LinkedList|Concurrent\w+|BlockingCollection|Channel|StringBuilder|MemoryStream|I(Dictionary|Set|List|Collection))(<|\??$)")]
    private static partial Regex MutableType();
}
