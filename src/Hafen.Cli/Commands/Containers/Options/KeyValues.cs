using System.Text;
using System.Text.Unicode;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>key=value</c> on the command line and in files of such lines.</summary>
internal static class KeyValues
{
    public static KeyValuePair<string, string> Pair(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? new(text, "") : new(text[..equals], text[(equals + 1)..]);
    }

    public static string CheckEnvironment(string text)
        => Pair(text).Key.Length > 0 ? text : throw new FormatException($"invalid environment variable: {text}");

    public static string CheckLabel(string text)
        => Pair(text).Key.Length > 0 ? text : throw new FormatException($"invalid label '{text}': empty name");

    /// <summary>A kernel parameter that has a value per namespace.</summary>
    public static KeyValuePair<string, string> Sysctl(string text)
    {
        var pair = Pair(text);
        bool allowed = text.Contains('=', StringComparison.Ordinal)
            && (pair.Key.StartsWith("net.", StringComparison.Ordinal) || pair.Key.StartsWith("fs.mqueue.", StringComparison.Ordinal)
                || pair.Key is "kernel.msgmax" or "kernel.msgmnb" or "kernel.msgmni" or "kernel.sem" or "kernel.shmall" or "kernel.shmmax"
                    or "kernel.shmmni" or "kernel.shm_rmid_forced" or "kernel.domainname" or "kernel.hostname");
        return allowed ? pair : throw new FormatException($"sysctl '{text}' is not allowed");
    }

    public static Dictionary<string, string> ToMap(IEnumerable<string> texts)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            var pair = Pair(text);
            map[pair.Key] = pair.Value;
        }

        return map;
    }

    /// <summary>
    /// Lines of the files, then the values given. A bare name takes its value from <paramref name="lookup"/>; without one, a file's is left out,
    /// and the command line's stays bare: it takes the variable of the image away.
    /// </summary>
    /// <param name="files">Paths.</param>
    /// <param name="values">From the command line.</param>
    /// <param name="lookup">Values of bare names; null keeps them bare.</param>
    public static List<string> Read(IEnumerable<string> files, IEnumerable<string> values, Func<string, string?>? lookup)
    {
        var result = new List<string>();
        foreach (string file in files)
        {
            foreach (string line in ReadLines(file))
            {
                if (Complete(line, lookup) is var text && (lookup is null || text.Contains('=', StringComparison.Ordinal)))
                    result.Add(text);
            }
        }
        result.AddRange(values.Select(value => Complete(value, lookup)));
        return result;
    }

    private static string Complete(string text, Func<string, string?>? lookup)
        => !text.Contains('=', StringComparison.Ordinal) && lookup?.Invoke(text) is { } value ? $"{text}={value}" : text;

    private static IEnumerable<string> ReadLines(string file)
    {
        int number = 0;
        foreach (var line in Split(ReadAll(file)))
        {
            number++;
            if (!Utf8.IsValid(line.Span))
                throw Complaint(file, $"invalid utf8 bytes at line {number}: [{string.Join(' ', line.ToArray())}]");
            string text = Encoding.UTF8.GetString(line.Span).TrimStart('\uFEFF', ' ', '\t');
            if (text.Length == 0 || text[0] == '#')
                continue;
            string name = Pair(text).Key;
            if (name.Length == 0)
                throw Complaint(file, $"no variable name on line '{text}'");
            if (name.Any(char.IsWhiteSpace))
                throw Complaint(file, $"variable '{name}' contains whitespaces");
            yield return text;
        }
    }

    private static byte[] ReadAll(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            throw Directory.Exists(file)
                ? Complaint(file, $"read {file}: {FileFailure.Reason(exception, file)}")
                : new CommandException($"open {file}: {FileFailure.Reason(exception, file)}");
        }
    }

    /// <summary>Lines end with LF or CRLF; the last one may have no end.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Split(byte[] content)
    {
        for (int start = 0; start < content.Length;)
        {
            int end = Array.IndexOf(content, (byte)'\n', start);
            int next = end < 0 ? content.Length : end + 1;
            if (end < 0)
                end = content.Length;
            if (end > start && content[end - 1] == '\r')
                end--;
            yield return content.AsMemory(start, end - start);
            start = next;
        }
    }

    private static CommandException Complaint(string file, string what) => new($"invalid env file ({file}): {what}");
}
