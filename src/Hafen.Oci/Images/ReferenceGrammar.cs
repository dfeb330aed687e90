using System.Buffers;

namespace Hafen.Oci.Images;

/// <summary>The words of a reference as github.com/distribution/reference defines them; each method matches the whole text.</summary>
internal static class ReferenceGrammar
{
    private static readonly SearchValues<char> s_ipv6Characters = SearchValues.Create("0123456789abcdefABCDEF:");
    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary><c>host[:port]</c> with a domain name, an IPv4 address or an IPv6 address in brackets.</summary>
    public static bool IsDomain(ReadOnlySpan<char> text)
    {
        var host = text;
        if (text.StartsWith('['))
        {
            int end = text.IndexOf(']');
            if (end < 2 || text[1..end].ContainsAnyExcept(s_ipv6Characters))
                return false;
            host = default;
            text = text[(end + 1)..];
            if (text.IsEmpty)
                return true;
            return text[0] == ':' && IsPort(text[1..]);
        }

        int colon = text.IndexOf(':');
        if (colon >= 0)
        {
            if (!IsPort(text[(colon + 1)..]))
                return false;
            host = text[..colon];
        }

        if (host.IsEmpty)
            return false;
        foreach (var range in host.Split('.'))
        {
            var label = host[range];
            if (label.IsEmpty || label[0] == '-' || label[^1] == '-')
                return false;
            foreach (char c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                    return false;
            }
        }

        return true;
    }

    /// <summary>Components of lower-case letters and digits, parted inside by one of <c>. _ __</c> or any number of <c>-</c>; components parted by <c>/</c>.</summary>
    public static bool IsPath(ReadOnlySpan<char> text)
    {
        foreach (var range in text.Split('/'))
        {
            if (!IsComponent(text[range]))
                return false;
        }

        return true;
    }

    public static bool IsTag(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > 128 || text[0] is '.' or '-')
            return false;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-'))
                return false;
        }

        return true;
    }

    public static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(s_hexDigits);

    /// <summary>True for <c>word:hex</c> with at least 32 digits, whatever the algorithm.</summary>
    public static bool LooksLikeDigest(ReadOnlySpan<char> text)
    {
        int colon = text.IndexOf(':');
        return colon > 0 && char.IsAsciiLetter(text[0]) && text.Length - colon > 32 && IsHex(text[(colon + 1)..]);
    }

    private static bool IsPort(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsComponent(ReadOnlySpan<char> text)
    {
        int i = 0;
        while (true)
        {
            int start = i;
            while (i < text.Length && (char.IsAsciiLetterLower(text[i]) || char.IsAsciiDigit(text[i])))
                i++;
            if (i == start)
                return false;
            if (i == text.Length)
                return true;
            switch (text[i])
            {
                case '.':
                    i++;
                    break;
                case '_':
                    i++;
                    if (i < text.Length && text[i] == '_')
                        i++;
                    break;
                case '-':
                    while (i < text.Length && text[i] == '-')
                        i++;
                    break;
                default:
                    return false;
            }
        }
    }
}
