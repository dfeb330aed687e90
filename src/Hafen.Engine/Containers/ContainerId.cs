using System.Buffers;
using System.Security.Cryptography;

namespace Hafen.Engine.Containers;

/// <summary>IDs of containers and execs: 64 hexadecimal digits.</summary>
internal static class ContainerId
{
    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");

    public static bool IsOne(string text) => text.Length == 64 && !text.AsSpan().ContainsAnyExcept(s_hexDigits);

    /// <summary>
    /// A random ID whose first twelve digits are not a number: they become the host name, and a purely numeric one is taken for an
    /// address by some programs.
    /// </summary>
    public static string New()
    {
        Span<byte> bytes = stackalloc byte[32];
        while (true)
        {
            RandomNumberGenerator.Fill(bytes);
            string id = Convert.ToHexStringLower(bytes);
            if (id.AsSpan(0, 12).ContainsAnyExceptInRange('0', '9'))
                return id;
        }
    }

    public static string Short(string id) => id.Length > 12 ? id[..12] : id;
}
