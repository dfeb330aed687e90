namespace Hafen.EndToEnd.Environment;

/// <summary>The docker client of this machine. Its texts change from version to version, so hafen's are compared with those of one.</summary>
public static class StockClient
{
    private const string Compared = "Docker version 28.";

    private static readonly Lazy<string> s_version = new(() => Command.Run("docker", "--version").Text.Trim());

    public static bool IsCompared => s_version.Value.StartsWith(Compared, StringComparison.Ordinal);

    /// <summary>Rows of a comparison; where the client is another one, a single row that is skipped.</summary>
    public static TheoryData<string> Rows(TheoryData<string> rows) => IsCompared ? rows : ["all"];

    public static void Require()
    {
        if (!IsCompared)
            Assert.Skip($"hafen is compared with the docker client 28, and this is {s_version.Value}");
    }
}
