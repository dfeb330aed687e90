using System.Text;

namespace Hafen.Linux.Trees;

/// <summary>
/// A path as the kernel has it, kept in a string with one character a byte: file names are bytes, and names that are not UTF-8
/// must survive. <see cref="TreeCalls"/> takes such strings.
/// </summary>
public static class BytePath
{
    /// <summary>From ordinary text, encoded as UTF-8.</summary>
    public static string FromText(string text) => Ascii(text) ? text : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>To text for people; bytes that are not UTF-8 become replacement characters.</summary>
    public static string ToText(string bytePath) => Ascii(bytePath) ? bytePath : Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytePath));

    public static string FromBytes(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    public static byte[] ToBytes(string bytePath) => Encoding.Latin1.GetBytes(bytePath);

    /// <summary>Everything before the last slash, empty when there is none.</summary>
    public static string Parent(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash < 0 ? "" : path[..slash];
    }

    /// <summary>Everything after the last slash.</summary>
    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static bool Ascii(string text) => System.Text.Ascii.IsValid(text);
}
