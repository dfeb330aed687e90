using System.Security.Cryptography;
using Hafen.Errors;

namespace Hafen.Volumes;

/// <summary>What volumes may be called, with Docker's words for what they may not.</summary>
internal static class VolumeNames
{
    // The folder's name; the kernel's limit.
    private const int MaxLength = 255;

    /// <exception cref="VolumeException">Not allowed.</exception>
    public static void Require(string name)
    {
        if (name.Length == 1)
            throw Invalid(name, "volume name is too short, names should be at least two alphanumeric characters");
        bool valid = name.Length is > 1 and <= MaxLength && char.IsAsciiLetterOrDigit(name[0]);
        foreach (char c in name)
            valid &= char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-';
        if (!valid)
        {
            throw Invalid(
                name,
                $"\"{name}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. "
                + "If you intended to pass a host directory, use absolute path");
        }
    }

    /// <summary>64 hexadecimal digits.</summary>
    public static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static VolumeException Invalid(string name, string reason) => new(ErrorKind.InvalidParameter, $"create {name}: {reason}");
}
