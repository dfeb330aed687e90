using System.Globalization;

namespace Hafen.Client.Http;

/// <summary>An Engine API version such as 1.51; compares by number, not by text.</summary>
public readonly record struct ApiVersion(int Major, int Minor) : IComparable<ApiVersion>
{
    /// <summary>The newest version this client speaks.</summary>
    public static readonly ApiVersion Newest = new(1, 51);

    /// <summary>The version of a daemon that tells none.</summary>
    public static readonly ApiVersion Oldest = new(1, 24);

    public static bool TryParse(ReadOnlySpan<char> text, out ApiVersion version)
    {
        version = default;
        var dot = text.IndexOf('.');
        if (dot <= 0
            || !int.TryParse(text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var minor))
            return false;
        version = new ApiVersion(major, minor);
        return true;
    }

    /// <summary>
    /// The version a daemon offers in its refusal of a newer one: <c>client version 1.51 is too new. Maximum supported API version is 1.41</c>.
    /// </summary>
    public static ApiVersion? FromRefusal(string message)
    {
        const string marker = "Maximum supported API version is ";
        var at = message.IndexOf(marker, StringComparison.Ordinal);
        if (at < 0 || !message.Contains("is too new", StringComparison.Ordinal)) return null;
        var tail = message.AsSpan(at + marker.Length).TrimEnd().TrimEnd('.');
        return TryParse(tail, out var version) ? version : null;
    }

    public int CompareTo(ApiVersion other) => Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    public static bool operator <(ApiVersion left, ApiVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(ApiVersion left, ApiVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(ApiVersion left, ApiVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ApiVersion left, ApiVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");
}
