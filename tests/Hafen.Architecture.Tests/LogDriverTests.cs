using System.Text.RegularExpressions;

namespace Hafen.Architecture.Tests;

/// <summary>A log driver is a folder of <c>Hafen.Logging</c> and a line in a table (0118).</summary>
public sealed partial class LogDriverTests
{
    [Fact]
    public void A_drivers_name_stands_in_its_folder_and_in_the_table_alone()
        => Assert.Empty(Sources()
            .Where(file => file.Path != "src/Hafen.Logging/LogDrivers.cs" && !DriverFolder().IsMatch(file.Path) && Name().IsMatch(file.Text))
            .Select(file => file.Path));

    /// <summary>The monitor, which has one thread, opens writers; what waits is a reader and lives in the daemon.</summary>
    [Fact]
    public void Only_readers_of_logs_wait_for_tasks()
        => Assert.Empty(Sources()
            .Where(file => file.Path.StartsWith("src/Hafen.Logging/", StringComparison.Ordinal) && !Reader().IsMatch(file.Path) && ManagedThread().IsMatch(file.Text))
            .Select(file => file.Path));

    [Theory]
    [InlineData("if (log.Type == \"json-file\") return;", true)]
    [InlineData("case \"journald\":", true)]
    [InlineData("Path.Combine(folder, id + \"-json.log\")", true)]
    [InlineData("/// <summary>The json-file driver's file.</summary>", false)]
    [InlineData("Scope = \"local\",", false)]
    [InlineData("\"sync\", \"syslog\",", false)]
    public void A_name_is_seen(string line, bool named) => Assert.Equal(named, Name().IsMatch(line));

    private static IEnumerable<(string Path, string Text)> Sources()
        => Repository.Rooms().SelectMany(Repository.Sources).Select(file => (Path.GetRelativePath(Repository.Root, file), File.ReadAllText(file)));

    /// <summary>Not <c>none</c>, <c>local</c> and <c>syslog</c>: other things are called so, a system call among them.</summary>
    [GeneratedRegex(@"-json\.log|""(json-file|journald|gelf|fluentd|awslogs|splunk|gcplogs)""")]
    private static partial Regex Name();

    [GeneratedRegex(@"^src/Hafen\.Logging/(?!Files/|Options/|Readers/|Writers/)\w+/")]
    private static partial Regex DriverFolder();

    [GeneratedRegex(@"(Reader|Copy)\.cs$")]
    private static partial Regex Reader();

    [GeneratedRegex(@"\basync\s+[\w(]|\bawait\s|\bTask\s*[.<]|\bnew\s+Thread\b|\bThreadPool\b|\bnew\s+Timer\b|\bParallel\.")]
    private static partial Regex ManagedThread();
}
