using Hafen.Api;

namespace Hafen.Client.Http;

/// <summary>A daemon's refusal of a version that is newer than its own: <c>client version 1.51 is too new. Maximum supported API version is 1.41</c>.</summary>
internal static class VersionRefusal
{
    private const string TooNew = "is too new", Offer = "Maximum supported API version is ";

    /// <summary>The version the daemon offers; null when the message is another one.</summary>
    public static ApiVersion? Offered(string message)
    {
        int at = message.IndexOf(Offer, StringComparison.Ordinal);
        if (at < 0 || !message.Contains(TooNew, StringComparison.Ordinal))
            return null;
        var tail = message.AsSpan(at + Offer.Length).TrimEnd().TrimEnd('.');
        return ApiVersion.TryParse(tail, out var version) ? version : null;
    }
}
