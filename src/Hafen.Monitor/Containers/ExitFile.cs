using System.Globalization;
using System.Text.Json;
using Hafen.Monitor.Protocol;

namespace Hafen.Monitor.Containers;

/// <summary>
/// The file <c>exit</c> in a container's state folder: how init ended, for a daemon that was not there to be told.
/// <c>{"exitCode":0,"oomKilled":false,"finishedAt":"2026-01-02T03:04:05.1234567Z"}</c>, and <c>"lostLogLines":7</c> when lines of its log are lost.
/// </summary>
public static class ExitFile
{
    private const string Name = "exit";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffffK";

    /// <summary>Writes the file; a reader sees all of it or nothing.</summary>
    public static void Write(string stateFolder, MonitorExited exited)
    {
        string path = Path.Combine(stateFolder, Name);
        string time = exited.FinishedAt.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        string oom = exited.OomKilled ? "true" : "false";
        string lost = exited.LostLogLines > 0 ? $",\"lostLogLines\":{exited.LostLogLines}" : "";
        File.WriteAllText(path + ".new", $"{{\"exitCode\":{exited.ExitCode},\"oomKilled\":{oom},\"finishedAt\":\"{time}\"{lost}}}\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Reads the file; null when there is none, or none that can be understood.</summary>
    public static MonitorExited? Read(string stateFolder)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(stateFolder, Name)));
            var root = document.RootElement;
            return new MonitorExited
            {
                ExitCode = root.GetProperty("exitCode").GetInt32(),
                OomKilled = root.GetProperty("oomKilled").GetBoolean(),
                FinishedAt = root.GetProperty("finishedAt").GetDateTimeOffset(),
                LostLogLines = root.TryGetProperty("lostLogLines", out var lost) ? lost.GetInt64() : 0,
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException
            or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
