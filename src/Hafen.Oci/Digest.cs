using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Hafen.Oci;

/// <summary>A content digest, <c>algorithm:hex</c> (image-spec, descriptor.md#digests). Only sha256 and sha512 are accepted.</summary>
public readonly record struct Digest
{
    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");

    private readonly string? _text;

    private Digest(string text) => _text = text;

    /// <summary>Algorithm name, for example <c>sha256</c>.</summary>
    public string Algorithm => Text[..Text.IndexOf(':')];

    /// <summary>Lower-case hexadecimal digits.</summary>
    public string Hex => Text[(Text.IndexOf(':') + 1)..];

    private string Text => _text ?? throw new InvalidOperationException("an empty digest has no text");

    /// <summary>True for <c>default</c>, which names no content.</summary>
    public bool IsEmpty => _text is null;

    public static Digest OfSha256(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[32];
        System.Security.Cryptography.SHA256.HashData(content, hash);
        return FromSha256(hash);
    }

    /// <summary>Wraps 32 bytes of an already computed hash.</summary>
    public static Digest FromSha256(ReadOnlySpan<byte> hash)
        => new("sha256:" + Convert.ToHexStringLower(hash));

    public static Digest Parse(string text)
        => TryParse(text, out var digest) ? digest : throw new FormatException($"invalid digest format: {text}");

    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        if (text is null)
            return false;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        int length = colon < 0 ? 0 : text.AsSpan(0, colon) switch { "sha256" => 64, "sha512" => 128, _ => 0 };
        if (length == 0 || text.Length != colon + 1 + length)
            return false;
        if (text.AsSpan(colon + 1).ContainsAnyExcept(s_hexDigits))
            return false;
        digest = new Digest(text);
        return true;
    }

    public override string ToString() => _text ?? "";
}
