using System.Buffers.Text;

namespace Hafen.Logging;

/// <summary>Times of log entries: RFC 3339 with up to nine fractional digits, as nanoseconds since 1970.</summary>
internal static class LogTime
{
    /// <summary>Length of the fixed form, <c>2006-01-02T15:04:05.000000000Z</c>.</summary>
    public const int FixedLength = 30;

    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int SecondsLength = 19;

    /// <summary>Parses <c>2006-01-02T15:04:05[.fraction]Z</c> or with an offset such as <c>+02:00</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length <= SecondsLength || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
            return false;
        if (!Digits(text[..4], out int year) || !Digits(text.Slice(5, 2), out int month) || !Digits(text.Slice(8, 2), out int day)
            || !Digits(text.Slice(11, 2), out int hour) || !Digits(text.Slice(14, 2), out int minute) || !Digits(text.Slice(17, 2), out int second))
        {
            return false;
        }
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        var rest = text[SecondsLength..];
        long fraction = 0;
        if (rest[0] == '.')
        {
            int digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (digits is <= 0 or > 9 || !Digits(rest.Slice(1, digits), out int parsed))
                return false;
            fraction = parsed;
            for (int i = digits; i < 9; i++)
                fraction *= 10;
            rest = rest[(digits + 1)..];
        }
        if (!Offset(rest, out int offsetMinutes))
            return false;
        long seconds = (new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
        nanoseconds = (seconds - offsetMinutes * 60L) * NanosecondsPerSecond + fraction;
        return true;
    }

    /// <summary>Writes the fixed form of a UTC time with nine digits. <paramref name="text"/> is a time as the driver writes it, ending with <c>Z</c>.</summary>
    /// <returns>Bytes written.</returns>
    public static int WriteFixed(ReadOnlySpan<byte> text, Span<byte> target)
    {
        // The driver cuts zeros at the end of the fraction; putting them back needs no arithmetic.
        if (text.Length is > SecondsLength and <= FixedLength && text[^1] == 'Z')
        {
            text[..^1].CopyTo(target);
            int at = text.Length - 1;
            if (at == SecondsLength)
                target[at++] = (byte)'.';
            target[at..(FixedLength - 1)].Fill((byte)'0');
            target[FixedLength - 1] = (byte)'Z';
            return FixedLength;
        }
        text.CopyTo(target);
        return text.Length;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int number)
        => Utf8Parser.TryParse(text, out number, out int used) && used == text.Length && text[0] != '-' && text[0] != '+';

    private static bool Offset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.SequenceEqual("Z"u8))
            return true;
        if (text.Length != 6 || text[3] != ':' || text[0] is not ((byte)'+' or (byte)'-'))
            return false;
        if (!Digits(text.Slice(1, 2), out int hour) || !Digits(text.Slice(4, 2), out int minute))
            return false;
        minutes = (hour * 60 + minute) * (text[0] == '-' ? -1 : 1);
        return true;
    }
}
