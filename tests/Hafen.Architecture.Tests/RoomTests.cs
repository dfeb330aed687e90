using System.Text.RegularExpressions;

namespace Hafen.Architecture.Tests;

/// <summary>The arrows of docs/architecture.md, as data.</summary>
public sealed partial class RoomTests
{
    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Hafen.Oci"] = [],
        ["Hafen.Errors"] = [],
        ["Hafen.Linux"] = ["Hafen.Errors", "Hafen.Oci"],
        ["Hafen.Runtime"] = ["Hafen.Linux", "Hafen.Errors", "Hafen.Oci"],
        ["Hafen.Monitor"] = ["Hafen.Runtime", "Hafen.Logging", "Hafen.Linux", "Hafen.Errors", "Hafen.Oci"],
        ["Hafen.Runtime.Cli"] = ["Hafen.Runtime", "Hafen.Monitor", "Hafen.Linux", "Hafen.Errors", "Hafen.Oci"],
        ["Hafen.Init"] = ["Hafen.Linux", "Hafen.Errors"],
        ["Hafen.Hello"] = ["Hafen.Linux", "Hafen.Errors"],
        ["Hafen.Content"] = ["Hafen.Linux", "Hafen.Errors", "Hafen.Oci"],
        ["Hafen.Snapshots"] = ["Hafen.Linux", "Hafen.Errors", "Hafen.Oci"],
        ["Hafen.Images"] = ["Hafen.Content", "Hafen.Snapshots", "Hafen.Linux", "Hafen.Errors", "Hafen.Oci"],
        ["Hafen.Networking"] = ["Hafen.Linux", "Hafen.Errors"],
        ["Hafen.Volumes"] = ["Hafen.Linux", "Hafen.Errors"],
        ["Hafen.Logging"] = ["Hafen.Linux", "Hafen.Errors"],
        ["Hafen.Dockerfile"] = ["Hafen.Errors", "Hafen.Oci"],
        ["Hafen.Api"] = [],
        ["Hafen.Engine"] =
        [
            "Hafen.Api", "Hafen.Dockerfile", "Hafen.Images", "Hafen.Snapshots", "Hafen.Networking", "Hafen.Volumes", "Hafen.Logging",
            "Hafen.Monitor", "Hafen.Runtime", "Hafen.Linux", "Hafen.Errors", "Hafen.Oci",
        ],
        ["Hafen.Daemon"] =
        [
            "Hafen.Engine", "Hafen.Api", "Hafen.Images", "Hafen.Content", "Hafen.Snapshots", "Hafen.Networking", "Hafen.Volumes",
            "Hafen.Logging", "Hafen.Linux", "Hafen.Errors", "Hafen.Oci",
        ],
        ["Hafen.Client"] = ["Hafen.Api", "Hafen.Linux", "Hafen.Errors"],
        ["Hafen.Client.Pooled"] = ["Hafen.Client", "Hafen.Api", "Hafen.Linux", "Hafen.Errors"],
        ["Hafen.Cli"] = ["Hafen.Client", "Hafen.Api", "Hafen.Linux", "Hafen.Errors"],
    };

    public static TheoryData<string> Rooms => new(Repository.Rooms());

    [Theory, MemberData(nameof(Rooms))]
    public void A_room_uses_only_what_its_arrows_allow(string room)
    {
        Assert.True(s_mayUse.TryGetValue(room, out string[]? allowed), $"{room} is not in docs/architecture.md's table of rooms; add it there and here");
        Assert.Empty(References(room).Except(allowed));
    }

    /// <summary>What a room uses it names, for references are not passed on (Directory.Build.props); and what it names it uses. The base of all exceptions needs no mention.</summary>
    [Theory, MemberData(nameof(Rooms))]
    public void A_room_uses_what_it_references(string room)
    {
        string text = string.Concat(Repository.Sources(room).Select(File.ReadAllText));
        string home = string.Join('.', room.Split('.').SkipLast(1));
        Assert.DoesNotContain(References(room), other => other != "Hafen.Errors" && !Mentions(text, other) && !Mentions(text, other[(home.Length + 1)..]));

        static bool Mentions(string text, string name) => Regex.IsMatch(text, $@"(\busing (static )?|\b){Regex.Escape(name)}(\.|;)");
    }

    [Theory, MemberData(nameof(Rooms))]
    public void System_calls_are_declared_in_Hafen_Linux_alone(string room)
    {
        if (room == "Hafen.Linux")
            return;
        var offenders = Repository.Sources(room).Where(file => PlatformInvoke().IsMatch(File.ReadAllText(file)));
        Assert.Empty(offenders);
    }

    /// <summary>Rule 1: raw clone3 back into managed code is safe only while no other managed thread exists.</summary>
    [Theory]
    [InlineData("Hafen.Runtime")]
    [InlineData("Hafen.Monitor")]
    [InlineData("Hafen.Runtime.Cli")]
    [InlineData("Hafen.Init")]
    public void The_runtime_starts_no_managed_thread(string room)
    {
        var offenders = Repository.Sources(room)
            .SelectMany(file => File.ReadLines(file).Select((line, index) => (file, line, index)))
            .Where(l => !l.line.TrimStart().StartsWith("//", StringComparison.Ordinal) && ManagedThread().IsMatch(l.line))
            .Select(l => $"{l.file}:{l.index + 1}: {l.line.Trim()}");
        Assert.Empty(offenders);
    }

    [Fact]
    public void Every_room_of_the_table_exists()
        => Assert.Empty(s_mayUse.Keys.Except(Repository.Rooms()));

    private static IEnumerable<string> References(string room)
        => Repository.Project(room).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!));

    [GeneratedRegex(@"\[\s*(LibraryImport|DllImport)\b|\bNativeLibrary\s*\.|\bdelegate\*\s*unmanaged")]
    private static partial Regex PlatformInvoke();

    [GeneratedRegex(@"\basync\s+[\w(]|\bawait\s|\bTask\s*[.<]|\bnew\s+Thread\b|\bThreadPool\b|System\.Threading\.Timer|\bnew\s+Timer\b|\bParallel\.|\bPosixSignalRegistration\b|\bConsole\.CancelKeyPress\b|System\.Diagnostics\.Process\b|\bProcess\.Start\b|\bnew\s+Process\b")]
    private static partial Regex ManagedThread();
}
