using Hafen.Api;
using Hafen.Client.Errors;

namespace Hafen.Client.Http;

/// <summary>The API version that one transport speaks: one that is insisted on, or the newest until the daemon asks for less. For several threads.</summary>
/// <param name="pinned">A version to insist on, or null to negotiate.</param>
public sealed class VersionChoice(ApiVersion? pinned)
{
    private readonly Lock _gate = new();
    private ApiVersion _current = pinned ?? ApiVersion.Newest;
    private bool _settled = pinned is not null;

    public ApiVersion Current
    {
        get
        {
            lock (_gate)
                return _current;
        }
    }

    /// <summary>The daemon has taken the version, so it will take it again.</summary>
    public bool IsSettled
    {
        get
        {
            lock (_gate)
                return _settled;
        }
    }

    /// <summary>A request was answered that named its version.</summary>
    public void Settle()
    {
        lock (_gate)
            _settled = true;
    }

    /// <summary>The daemon told its newest version in the answer to a ping.</summary>
    public void Settle(ResponseHead ping)
    {
        lock (_gate)
        {
            if (_settled)
                return;
            if (!ApiVersion.TryParse(ping.Header("Api-Version") ?? "", out var offered))
                _current = ApiVersion.Oldest;
            else if (offered < _current)
                _current = offered;
            _settled = true;
        }
    }

    /// <summary>Goes down to the version that a refusal names.</summary>
    /// <param name="refusal">What the daemon answered.</param>
    /// <param name="asked">The version of the refused request; another may have gone down meanwhile.</param>
    /// <returns>The request is to be sent again; false when it was refused for another reason.</returns>
    public bool Lower(ApiException refusal, ApiVersion asked)
    {
        if (pinned is not null || refusal.Status != 400 || VersionRefusal.Offered(refusal.Message) is not { } offered || offered >= asked)
            return false;
        lock (_gate)
        {
            if (offered < _current)
                _current = offered;
        }
        return true;
    }
}
