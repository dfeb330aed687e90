using System.Text.Json;

namespace Hafen.Dockerfile.Parse;

/// <summary>The list form of an instruction's arguments.</summary>
internal static class JsonList
{
    /// <returns>The strings of a JSON list; null when the text is no JSON.</returns>
    /// <exception cref="DockerfileException">A list of other things.</exception>
    public static IReadOnlyList<string>? TryRead(string text)
    {
        if (!text.StartsWith('['))
            return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
                throw new DockerfileException("When using JSON array syntax, arrays must be comprised of strings only.");
            return [.. document.RootElement.EnumerateArray().Select(item => item.GetString()!)];
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
