namespace Hafen.Logging.Writers;

/// <summary>
/// Writes time stamps as Go's RFC3339Nano in UTC: <c>2026-01-02T03:04:05.1234Z</c>, the fraction without trailing zeros and absent when it is zero.
/// <see cref="LogTime"/> reads them. The part down to the second is kept, because lines come many a second.
/// </summary>
internal sealed class LogTimeWriter
{
    /// <summary>Most bytes of a time stamp.</summary>
    public const int MaximumLength = 30;

    private const long Second = 1_000_000_000;
    private readonly byte[] _prefix = new byte[19];
    private long _second = long.MinValue;

    /// <summary>Writes the time stamp.</summary>
    /// <param name="nanoseconds">Since 1970-01-01 UTC.</param>
    /// <param name="target">At least <see cref="MaximumLength"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public int Write(long nanoseconds, Span<byte> target)
    {
        long second = Math.DivRem(nanoseconds, Second, out long fraction);
        if (second != _second)
        {
            Render(second);
            _second = second;
        }
        _prefix.CopyTo(target);
        int length = _prefix.Length;
        if (fraction != 0)
        {
            target[length++] = (byte)'.';
            for (long unit = Second / 10; fraction != 0; unit /= 10)
            {
                target[length++] = (byte)('0' + fraction / unit);
                fraction %= unit;
            }
        }
        target[length++] = (byte)'Z';
        return length;
    }

    private void Render(long second)
    {
        var time = DateTime.UnixEpoch.AddSeconds(second);
        Digits(time.Year, 4, 0);
        Digits(time.Month, 2, 5);
        Digits(time.Day, 2, 8);
        Digits(time.Hour, 2, 11);
        Digits(time.Minute, 2, 14);
        Digits(time.Second, 2, 17);
        _prefix[4] = _prefix[7] = (byte)'-';
        _prefix[10] = (byte)'T';
        _prefix[13] = _prefix[16] = (byte)':';
    }

    private void Digits(int value, int count, int at)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            _prefix[at + i] = (byte)('0' + value % 10);
            value /= 10;
        }
    }
}
