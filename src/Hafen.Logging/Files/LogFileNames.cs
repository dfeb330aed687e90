namespace Hafen.Logging.Files;

/// <summary>What the files of a rotated log are called: the log itself, <c>.1</c> the youngest of those before it, <c>.2.gz</c> one that has been compressed.</summary>
/// <param name="current">Path of the log itself.</param>
internal readonly struct LogFileNames(string current)
{
    /// <summary>What the name of a compressed file ends with.</summary>
    public const string CompressedEnd = ".gz";

    /// <summary>The log itself.</summary>
    public string Current => current;

    /// <summary>A compressed file that is not whole yet; nobody reads it.</summary>
    public string Part => current + CompressedEnd + ".part";

    /// <summary>The file that was the log itself so many rotations ago.</summary>
    public string Rotated(int number, bool compressed) => $"{current}.{number}{(compressed ? CompressedEnd : "")}";
}
