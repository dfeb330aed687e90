namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--dns-search</c>: a domain, or a dot for "none".</summary>
internal static class DnsDomain
{
    public static string Check(string text)
    {
        string domain = text.Trim();
        if (domain == ".")
            return domain;
        bool valid = domain.Length is > 0 and < 255 && domain.Any(char.IsAsciiLetter)
            && domain.TrimEnd('.').Split('.').All(label => label.Length > 0 && label[0] != '-' && label[^1] != '-'
                && label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'));
        return valid ? domain : throw new FormatException($"{domain} is not a valid domain");
    }
}
