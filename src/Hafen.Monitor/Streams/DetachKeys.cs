namespace Hafen.Monitor.Streams;

/// <summary>
/// Finds the detach keys in what a terminal's user types. The beginning of the sequence is held back until the next byte decides; a wrong byte releases it
/// and is not itself taken for a new beginning, as Docker has it.
/// </summary>
/// <param name="keys">The sequence; empty for none.</param>
public sealed class DetachKeys(byte[] keys)
{
    private int _matched;

    /// <summary>Bytes the output of <see cref="Filter"/> can be longer than its input.</summary>
    public int Overhang => keys.Length;

    /// <summary>Passes input on.</summary>
    /// <param name="input">What was typed.</param>
    /// <param name="output">Receives what the process is to see; as long as the input plus <see cref="Overhang"/>.</param>
    /// <param name="detached">Whether the sequence is complete; what comes after it is dropped.</param>
    /// <returns>Bytes in <paramref name="output"/>.</returns>
    public int Filter(ReadOnlySpan<byte> input, Span<byte> output, out bool detached)
    {
        detached = false;
        if (keys.Length == 0)
        {
            input.CopyTo(output);
            return input.Length;
        }
        int length = 0;
        foreach (byte value in input)
        {
            if (value == keys[_matched])
            {
                if (++_matched < keys.Length)
                    continue;
                _matched = 0;
                detached = true;
                return length;
            }
            keys.AsSpan(0, _matched).CopyTo(output[length..]);
            length += _matched;
            _matched = 0;
            output[length++] = value;
        }
        return length;
    }
}
