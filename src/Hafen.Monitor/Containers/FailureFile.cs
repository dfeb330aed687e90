using System.Globalization;

namespace Hafen.Monitor.Containers;

/// <summary>The file <c>monitor.failure</c> in a container's state folder: why a monitor ended that should not have, for the daemon's log.</summary>
public static class FailureFile
{
    private const string Name = "monitor.failure";
    private const int Longest = 4096;

    public static void Write(string stateFolder, Exception failure) => File.AppendAllText(
        Path.Combine(stateFolder, Name), string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:O} {failure}\n"));

    /// <summary>The beginning of the file; null when there is none.</summary>
    public static string? Read(string stateFolder)
    {
        try
        {
            using var file = File.OpenText(Path.Combine(stateFolder, Name));
            char[] text = new char[Longest];
            return new string(text, 0, file.ReadBlock(text)).TrimEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
