using System.Text.RegularExpressions;

namespace Hafen.Architecture.Tests;

/// <summary>What one hand would write and no analyzer asks for (0119).</summary>
public sealed partial class StyleTests
{
    [Fact]
    public void The_exception_of_a_catch_is_called_exception() => Assert.Empty(Found(CatchName()));

    [Fact]
    public void Nothing_here_has_a_synchronization_context_to_return_to() => Assert.Empty(Found(AwaitSetting()));

    [Theory]
    [InlineData("catch (IOException e)", true)]
    [InlineData("catch (IOException exception)", false)]
    [InlineData("catch (IOException)", false)]
    public void A_name_is_seen(string line, bool seen) => Assert.Equal(seen, CatchName().IsMatch(line));

    private static IEnumerable<string> Found(Regex what)
        => Repository.Rooms().SelectMany(Repository.Sources).SelectMany(file => File.ReadLines(file)
            .Select((line, index) => (line, index)).Where(each => what.IsMatch(each.line))
            .Select(each => $"{Path.GetRelativePath(Repository.Root, file)}:{each.index + 1}"));

    [GeneratedRegex(@"catch \([\w.]+ (?!exception\))\w+\)")]
    private static partial Regex CatchName();

    [GeneratedRegex(@"\.ConfigureAwait\(false\)")]
    private static partial Regex AwaitSetting();
}
