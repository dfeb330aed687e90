using Hafen.Api;
using Hafen.Client.Endpoints;
using Hafen.Client.Http;
using Hafen.Client.Pooled;
using Hafen.Client.Tests.Peers;

namespace Hafen.Client.Tests.Contracts;

/// <summary>TCP behind TLS, with a private authority and a certificate of the client's.</summary>
public sealed class PooledTlsTransportContractTests(TestAuthority authority) : ApiTransportContract, IClassFixture<TestAuthority>
{
    private protected override RawPeer NewPeer(params Action<RawConnection>[] connections) => new(authority, connections);

    protected override IApiTransport NewTransport(DaemonEndpoint endpoint, ApiVersion? version)
        => new PooledTransport(endpoint, new PooledTransportOptions { Tls = authority.Files }, version);
}
