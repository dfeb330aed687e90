using System.Text;
using System.Text.Json;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--security-opt</c>. A seccomp profile is a file here and its content on the wire.</summary>
internal static class SecurityOptions
{
    /// <param name="given">Values of the flag.</param>
    /// <returns>What goes to the daemon, and whether <c>systempaths=unconfined</c> was among them: that one is only for the client.</returns>
    public static (string[] Options, bool OpenSystemPaths) Resolve(IEnumerable<string> given)
    {
        var options = new List<string>();
        bool open = false;
        foreach (string text in given)
        {
            int separator = text.IndexOf('=', StringComparison.Ordinal);
            if (separator < 0 && text != "no-new-privileges")
                separator = text.IndexOf(':', StringComparison.Ordinal);
            string key = separator < 0 ? text : text[..separator];
            string value = separator < 0 ? "" : text[(separator + 1)..];
            if (value.Length == 0 && key != "no-new-privileges")
                throw new CommandException($"Invalid --security-opt: \"{text}\"");
            if (text == "systempaths=unconfined")
                open = true;
            else if (key == "seccomp" && value is not ("unconfined" or "builtin"))
                options.Add("seccomp=" + ReadProfile(value));
            else
                options.Add(text);
        }

        return ([.. options], open);
    }

    private static string ReadProfile(string path)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            string step = Directory.Exists(path) ? "read" : "open";
            throw new CommandException($"opening seccomp profile ({path}) failed: {step} {path}: {FileFailure.Reason(exception, path)}");
        }

        try
        {
            using var document = JsonDocument.Parse(content);
            using var compact = new MemoryStream();
            using (var writer = new Utf8JsonWriter(compact))
                document.RootElement.WriteTo(writer);
            return Encoding.UTF8.GetString(compact.ToArray());
        }
        catch (JsonException exception)
        {
            string place = $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}";
            throw new CommandException($"compacting json for seccomp profile ({path}) failed: invalid JSON at {place}");
        }
    }
}
