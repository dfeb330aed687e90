using System.Text.RegularExpressions;

namespace Hafen.Architecture.Tests;

/// <summary>What puts objects together is no way to reach everything from everywhere.</summary>
public sealed partial class CompositionTests
{
    [Fact]
    public void The_engines_composition_is_known_to_the_daemons_alone()
        => Assert.Empty(Repository.Rooms().SelectMany(Repository.Sources)
            .Select(file => (Path: Path.GetRelativePath(Repository.Root, file), Lines: File.ReadLines(file)))
            .Where(file => file.Path != "src/Hafen.Engine/EngineComposition.cs" && !file.Path.StartsWith("src/Hafen.Daemon/Composition/", StringComparison.Ordinal) && Names(file.Lines))
            .Select(file => file.Path));

    [Theory]
    [InlineData("internal sealed class StopAndWait(EngineComposition engine)", true)]
    [InlineData("/// <see cref=\"EngineComposition\"/> closes it.", false)]
    public void It_is_seen(string line, bool named) => Assert.Equal(named, Names([line]));

    private static bool Names(IEnumerable<string> lines) => lines.Any(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Composition().IsMatch(line));

    [GeneratedRegex(@"\bEngineComposition\b")]
    private static partial Regex Composition();
}
