using System.Text;
using Hafen.Linux;
using Hafen.Linux.Procfs;

namespace Hafen.Init;

/// <summary>
/// The arguments and the environment this process was started with. As bytes: they need not be UTF-8, and the command gets them
/// unchanged.
/// </summary>
internal sealed class ProcessWords
{
    private ProcessWords(List<byte[]> argumentBytes, List<byte[]> environmentBytes)
    {
        ArgumentBytes = argumentBytes;
        EnvironmentBytes = environmentBytes;
        Arguments = argumentBytes.ConvertAll(Encoding.UTF8.GetString);
    }

    /// <summary>The words, the program's own name first.</summary>
    public List<byte[]> ArgumentBytes { get; }

    /// <summary>Variables as <c>NAME=value</c>.</summary>
    public List<byte[]> EnvironmentBytes { get; }

    public List<string> Arguments { get; }

    /// <summary>From <c>/proc</c>; without one from what the C# runtime has decoded.</summary>
    public static ProcessWords Read() => new(
        TryRead("/proc/self/cmdline") ?? [.. Environment.GetCommandLineArgs().Select(Encoding.UTF8.GetBytes)],
        TryRead("/proc/self/environ") ?? Variables());

    private static List<byte[]>? TryRead(string path)
    {
        byte[] text;
        try
        {
            text = ProcFile.ReadAll(path);
        }
        catch (LinuxException)
        {
            return null;
        }

        var words = new List<byte[]>();
        ReadOnlySpan<byte> rest = text;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)0);
            words.Add((end < 0 ? rest : rest[..end]).ToArray());
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return words;
    }

    private static List<byte[]> Variables()
    {
        var words = new List<byte[]>();
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
            words.Add(Encoding.UTF8.GetBytes($"{entry.Key}={entry.Value}"));
        return words;
    }
}
