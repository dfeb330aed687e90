namespace Hafen.Runtime.Init;

/// <summary>Zero-terminated text in native memory, for code that may not allocate.</summary>
internal static unsafe class NativeText
{
    public static int Length(byte* text)
    {
        int length = 0;
        while (text[length] != 0)
            length++;
        return length;
    }

    /// <summary>Copies with the final zero; false when <paramref name="room"/> bytes do not do.</summary>
    public static bool Copy(byte* target, int room, byte* source)
    {
        for (int i = 0; i < room; i++)
        {
            target[i] = source[i];
            if (source[i] == 0)
                return true;
        }

        return false;
    }

    /// <summary>Appends to the text in <paramref name="target"/>; false when the room does not do.</summary>
    public static bool Append(byte* target, int room, byte* source)
    {
        int length = Length(target);
        return Copy(target + length, room - length, source);
    }

    public static bool Equal(byte* left, byte* right)
    {
        while (*left != 0 && *left == *right)
        {
            left++;
            right++;
        }

        return *left == *right;
    }

    /// <summary>Writes a number in decimal with a final zero; at most 21 bytes.</summary>
    /// <returns>Its digits.</returns>
    public static int WriteNumber(byte* target, long number, int radix = 10)
    {
        byte* digits = stackalloc byte[24];
        int count = 0;
        do
        {
            digits[count++] = (byte)('0' + number % radix);
            number /= radix;
        }
        while (number > 0);
        for (int i = 0; i < count; i++)
            target[i] = digits[count - 1 - i];
        target[count] = 0;
        return count;
    }
}
