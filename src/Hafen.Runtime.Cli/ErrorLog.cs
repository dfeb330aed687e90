using System.Text;
using System.Text.Json;

namespace Hafen.Runtime.Cli;

/// <summary>Errors as runc reports them: on stderr for people, and in the file of <c>--log</c>, where containerd's shim looks for the reason of a failure.</summary>
internal static class ErrorLog
{
    public static void Write(string? file, bool asJson, string message)
    {
        if (file is not null)
            Append(file, asJson, message);
        Console.Error.WriteLine($"hafen-runtime: {message}");
    }

    /// <summary>What went wrong without being a reason to fail.</summary>
    public static void Warn(string message) => Console.Error.WriteLine($"hafen-runtime: warning: {message}");

    private static void Append(string file, bool asJson, string message)
    {
        string time = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        string line = asJson
            ? $"{{\"level\":\"error\",\"msg\":\"{JsonEncodedText.Encode(message)}\",\"time\":\"{time}\"}}\n"
            : $"time=\"{time}\" level=error msg=\"{message.Replace("\"", "\\\"")}\"\n";
        try
        {
            File.AppendAllText(file, line, new UTF8Encoding(false));
        }
        catch (IOException)
        {
            // The message stands on stderr in any case.
        }
    }
}
