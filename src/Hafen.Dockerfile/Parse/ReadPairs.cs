using Hafen.Dockerfile.Instructions;

namespace Hafen.Dockerfile.Parse;

/// <summary><c>a=b c="d e"</c>, or the old form <c>a rest of the line</c>.</summary>
internal static class ReadPairs
{
    /// <exception cref="DockerfileException">A name has no value.</exception>
    public static IReadOnlyList<NameValue> From(string instruction, string text)
    {
        var (first, rest) = Words.First(text);
        if (!first.Contains('='))
            return rest.Length > 0 ? [new NameValue(first, rest)] : throw new DockerfileException($"{instruction} must have two arguments");
        return [.. Words.Split(text).Select(Pair)];
    }

    private static NameValue Pair(string word)
    {
        int equals = word.IndexOf('=');
        return equals >= 0
            ? new NameValue(word[..equals], word[(equals + 1)..])
            : throw new DockerfileException($"Syntax error - can't find = in \"{word}\". Must be of the form: name=value");
    }
}
