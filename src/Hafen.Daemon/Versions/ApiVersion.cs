using System.Globalization;
using Hafen.Engine;

namespace Hafen.Daemon.Versions;

/// <summary>A version of the Engine API, ordered.</summary>
public readonly record struct ApiVersion(int Major, int Minor) : IComparable<ApiVersion>
{
    /// <summary>Oldest version that is served.</summary>
    public static ApiVersion Minimum { get; } = new(1, 24);

    /// <summary>Newest version that is served, and the one of requests that name none.</summary>
    public static ApiVersion Current { get; } = new(1, 51);

    /// <summary>Parses the version in a path, <c>1.43</c>; false when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ApiVersion version)
    {
        version = default;
        int dot = text.IndexOf('.');
        if (dot <= 0
            || !int.TryParse(text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            || !int.TryParse(text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int minor)) return false;
        version = new ApiVersion(major, minor);
        return true;
    }

    /// <exception cref="EngineException">The version is not served.</exception>
    public void RequireServed()
    {
        if (this < Minimum)
            throw EngineException.InvalidParameter(
                $"client version {this} is too old. Minimum supported API version is {Minimum}, please upgrade your client to a newer version");
        if (this > Current)
            throw EngineException.InvalidParameter($"client version {this} is too new. Maximum supported API version is {Current}");
    }

    public int CompareTo(ApiVersion other) => Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    public static bool operator <(ApiVersion left, ApiVersion right) => left.CompareTo(right) < 0;
    public static bool operator >(ApiVersion left, ApiVersion right) => left.CompareTo(right) > 0;
    public static bool operator <=(ApiVersion left, ApiVersion right) => left.CompareTo(right) <= 0;
    public static bool operator >=(ApiVersion left, ApiVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Major}.{Minor}";
}
