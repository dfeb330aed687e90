namespace Hafen.Engine.Images;

/// <summary>Patterns of shells as Go's <c>path.Match</c> has them: <c>*</c> and <c>?</c> stop at slashes, <c>[a-z]</c>, <c>[^a]</c>, backslash.</summary>
public static class GlobPattern
{
    /// <summary>Whether the pattern matches the whole text. A malformed pattern matches nothing.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        while (!pattern.IsEmpty)
        {
            if (pattern[0] == '*')
            {
                pattern = pattern.TrimStart('*');
                for (int i = 0; i <= text.Length; i++)
                {
                    if (Matches(pattern, text[i..]))
                        return true;
                    if (i < text.Length && text[i] == '/')
                        return false;
                }
                return false;
            }
            if (text.IsEmpty)
                return false;
            if (pattern[0] == '[')
            {
                if (!MatchesClass(ref pattern, text[0]))
                    return false;
            }
            else if (pattern[0] == '?')
            {
                if (text[0] == '/')
                    return false;
                pattern = pattern[1..];
            }
            else
            {
                if (pattern[0] == '\\' && pattern.Length > 1)
                    pattern = pattern[1..];
                if (pattern[0] != text[0])
                    return false;
                pattern = pattern[1..];
            }
            text = text[1..];
        }
        return text.IsEmpty;
    }

    private static bool MatchesClass(ref ReadOnlySpan<char> pattern, char character)
    {
        int at = 1;
        bool negated = pattern.Length > 1 && pattern[1] == '^';
        if (negated)
            at++;
        bool found = false;
        for (bool first = true; at < pattern.Length && (first || pattern[at] != ']'); first = false)
        {
            char low = pattern[at++];
            char high = low;
            if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
            {
                high = pattern[at + 1];
                at += 2;
            }
            found |= low <= character && character <= high;
        }
        if (at >= pattern.Length)
            return false;
        pattern = pattern[(at + 1)..];
        return found != negated;
    }
}
