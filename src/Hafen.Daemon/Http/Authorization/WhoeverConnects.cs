namespace Hafen.Daemon.Http.Authorization;

/// <summary>Whoever can connect may do everything: who that is, is decided by the permissions of the socket and by the certificates a listener asks for.</summary>
internal sealed class WhoeverConnects : IRequestAuthorization
{
    public ValueTask RequireAsync(ApiRequest request) => ValueTask.CompletedTask;
}
