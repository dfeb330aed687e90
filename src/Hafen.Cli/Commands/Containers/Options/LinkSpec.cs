namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--link name[:alias]</c>.</summary>
internal static class LinkSpec
{
    public static string Check(string text)
    {
        if (text.Length == 0)
            throw new FormatException("empty string specified for links");
        return text.Split(':').Length <= 2 ? text : throw new FormatException($"bad format for links: {text}");
    }
}
