using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hafen.Runtime.Cli;

/// <summary>Prints JSON on stdout.</summary>
internal static class JsonOutput
{
    /// <param name="indented">For people; else one line.</param>
    /// <param name="write">Writes the document.</param>
    public static void Print(bool indented, Action<Utf8JsonWriter> write)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        output.Write("\n"u8);
    }
}
