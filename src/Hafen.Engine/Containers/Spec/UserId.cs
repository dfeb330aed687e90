using System.Text;

namespace Hafen.Engine.Containers.Spec;

/// <summary>Whether a text is the number of a user or group.</summary>
internal enum UserIdKind
{
    /// <summary>It is a name, or nothing.</summary>
    None,
    Number,
    /// <summary>It is a number, and no user or group has it.</summary>
    OutOfRange,
}

/// <summary>The number of a user or group as text: decimal digits, perhaps after a sign.</summary>
internal readonly record struct UserId(UserIdKind Kind, uint Value)
{
    private const long Most = int.MaxValue;

    public static UserId Read(string text)
    {
        // Longer than any number that counts; what is no number is still told from one.
        Span<byte> bytes = stackalloc byte[512];
        if (Encoding.UTF8.TryGetBytes(text, bytes, out int length))
            return Read(bytes[..length]);
        return Read(Encoding.UTF8.GetBytes(text));
    }

    public static UserId Read(ReadOnlySpan<byte> text)
    {
        bool negative = text.StartsWith("-"u8);
        if (negative || text.StartsWith("+"u8))
            text = text[1..];
        if (text.IsEmpty || text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return default;
        long value = 0;
        foreach (byte digit in text)
        {
            value = value * 10 + (digit - '0');
            if (value > Most)
                return new UserId(UserIdKind.OutOfRange, 0);
        }
        return negative && value != 0 ? new UserId(UserIdKind.OutOfRange, 0) : new UserId(UserIdKind.Number, (uint)value);
    }
}
