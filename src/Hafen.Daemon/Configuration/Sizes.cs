using System.Globalization;

namespace Hafen.Daemon.Configuration;

/// <summary>Sizes as Docker writes them: <c>64M</c>, <c>1.5g</c>, <c>512kb</c>, bytes without a unit.</summary>
internal static class Sizes
{
    /// <exception cref="SettingException">Malformed.</exception>
    public static long Parse(string text)
    {
        string number = text.Trim().ToLowerInvariant();
        if (number.EndsWith('b'))
            number = number[..^1];
        if (number.EndsWith('i'))
            number = number[..^1];
        decimal factor = number.Length == 0 ? 0 : number[^1] switch
        {
            'k' => 1L << 10,
            'm' => 1L << 20,
            'g' => 1L << 30,
            't' => 1L << 40,
            'p' => 1L << 50,
            _ => 1,
        };
        if (factor > 1)
            number = number[..^1];
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            || value * factor > long.MaxValue)
        {
            throw new SettingException($"invalid size: '{text}'");
        }
        return (long)(value * factor);
    }
}
