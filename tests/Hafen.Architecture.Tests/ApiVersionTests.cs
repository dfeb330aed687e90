using System.Text.RegularExpressions;

namespace Hafen.Architecture.Tests;

/// <summary>What a version of the API changes stands in one folder.</summary>
public sealed partial class ApiVersionTests
{
    [Fact]
    public void Only_the_tables_of_versions_name_one()
        => Assert.Empty(Repository.Rooms().SelectMany(Repository.Sources)
            .Select(file => (Path: Path.GetRelativePath(Repository.Root, file), Text: File.ReadAllText(file)))
            .Where(file => !file.Path.StartsWith("src/Hafen.Daemon/Versions/", StringComparison.Ordinal) && file.Path != "src/Hafen.Api/ApiVersion.cs" && Named().IsMatch(file.Text))
            .Select(file => file.Path));

    [Theory]
    [InlineData("if (request.Version < new ApiVersion(1, 42)) return;", true)]
    [InlineData("if (request.Version.Minor >= 42) return;", true)]
    [InlineData("new(1, 42) > request.Version", true)]
    [InlineData("if (!request.Has(ApiFeature.StopSignal)) return;", false)]
    [InlineData("ApiVersion = ApiVersion.Newest.ToString(),", false)]
    public void A_version_is_seen(string line, bool named) => Assert.Equal(named, Named().IsMatch(line));

    [GeneratedRegex(@"\bnew ApiVersion\(|\bVersion(\.Minor)?\s*(<|>)=?\s|(<|>)=?\s*request\.Version\b")]
    private static partial Regex Named();
}
