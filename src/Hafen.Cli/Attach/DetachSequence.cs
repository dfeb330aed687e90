namespace Hafen.Cli.Attach;

/// <summary>
/// Finds the keys that detach (<c>ctrl-p,ctrl-q</c> unless told otherwise) in what is typed. Keys that could begin the sequence are held
/// back until it is clear that they do not.
/// </summary>
internal sealed class DetachSequence
{
    private readonly byte[] _keys;
    private int _matched;

    private DetachSequence(byte[] keys) => this._keys = keys;

    /// <summary>Parses <c>ctrl-x</c> and single characters, comma-separated. Empty text means the default.</summary>
    /// <exception cref="FormatException">No such key.</exception>
    public static DetachSequence Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return new DetachSequence([16, 17]);
        return new DetachSequence([.. text.Split(',').Select(Key)]);
    }

    /// <summary>Takes typed bytes and gives what goes on to the container.</summary>
    /// <param name="typed">What was read.</param>
    /// <param name="passed">At least the length of both <paramref name="typed"/> and the sequence; receives what goes on.</param>
    /// <param name="count">How much goes on.</param>
    /// <returns>True when the sequence is complete.</returns>
    public bool Filter(ReadOnlySpan<byte> typed, Span<byte> passed, out int count)
    {
        count = 0;
        foreach (byte key in typed)
        {
            if (key == _keys[_matched])
            {
                if (++_matched < _keys.Length)
                    continue;
                _matched = 0;
                return true;
            }

            // The keys held back were no beginning after all; their end, with this key, may still be one.
            while (_matched > 0 && key != _keys[_matched])
            {
                int kept = Border(_matched);
                _keys.AsSpan(0, _matched - kept).CopyTo(passed[count..]);
                count += _matched - kept;
                _matched = kept;
            }

            if (key == _keys[_matched])
                _matched++;
            else
                passed[count++] = key;
        }

        return false;
    }

    /// <summary>Room needed beyond the typed bytes.</summary>
    public int Length => _keys.Length;

    /// <summary>Length of the longest true end of the first so many keys that is also their beginning.</summary>
    private int Border(int length)
    {
        for (int border = length - 1; border > 0; border--)
        {
            if (_keys.AsSpan(length - border, border).SequenceEqual(_keys.AsSpan(0, border)))
                return border;
        }
        return 0;
    }

    private static byte Key(string text)
    {
        if (text.Length == 1 && text[0] < 128)
            return (byte)text[0];
        if (text.Equals("DEL", StringComparison.OrdinalIgnoreCase))
            return 127;
        if (text.Length == 6 && text.StartsWith("ctrl-", StringComparison.OrdinalIgnoreCase))
        {
            char letter = char.ToLowerInvariant(text[5]);
            if (letter is >= 'a' and <= 'z')
                return (byte)(letter - 'a' + 1);
            if (letter is '@')
                return 0;
            if (letter is >= '[' and <= '_')
                return (byte)(letter - '[' + 27);
        }

        throw new FormatException($"Unknown character: '{text}'");
    }
}
