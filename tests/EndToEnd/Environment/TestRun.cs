using System.Security.Cryptography;

namespace Hafen.EndToEnd.Environment;

/// <summary>
/// What tells this run's things from those of another run, of a Docker and of another Hafen on the machine: a word that is part of the name of
/// every folder, link, table, cgroup and namespace the run makes.
/// </summary>
public static class TestRun
{
    private const int LongestPart = 8;

    /// <summary>Seven letters and digits, for the longest name of a link is fifteen.</summary>
    public static string Word { get; } = "hf" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 5);

    /// <summary>A name for a link, cgroup or namespace.</summary>
    /// <param name="part">At most eight letters and digits.</param>
    public static string Name(string part) => part.Length is > 0 and <= LongestPart && part.All(char.IsAsciiLetterOrDigit)
        ? Word + part
        : throw new ArgumentException($"\"{part}\" is not one to eight letters and digits", nameof(part));

    /// <summary>A new folder below the machine's temporary one.</summary>
    public static string NewFolder(string purpose) => Directory.CreateTempSubdirectory($"hafen-{Word}-{purpose}-").FullName;
}
