namespace Hafen.Architecture.Tests;

/// <summary>What keeps files findable and readable.</summary>
public sealed class FileTests
{
    private static readonly string[] s_vagueNames = ["Utils", "Util", "Helpers", "Helper", "Common", "Manager", "Misc"];

    [Fact]
    public void No_file_or_folder_has_a_vague_name()
    {
        var offenders = Repository.Rooms().SelectMany(Repository.Sources)
            .Where(file => Path.GetRelativePath(Repository.Root, file).Split('/', '.').Any(part => s_vagueNames.Contains(part)));
        Assert.Empty(offenders);
    }

    [Fact]
    public void No_file_is_longer_than_600_lines()
    {
        var offenders = Repository.Rooms().SelectMany(Repository.Sources)
            .Select(file => (file, lines: File.ReadLines(file).Count()))
            .Where(f => f.lines > 600)
            .Select(f => $"{f.file}: {f.lines} lines");
        Assert.Empty(offenders);
    }
}
