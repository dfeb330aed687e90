using Hafen.Api;
using Hafen.Client.Endpoints;
using Hafen.Client.Http;
using Hafen.Client.Pooled;
using Hafen.Client.Tests.Peers;

namespace Hafen.Client.Tests.Contracts;

public sealed class PooledTransportContractTests : ApiTransportContract
{
    private protected override RawPeer NewPeer(params Action<RawConnection>[] connections) => new(connections);

    protected override IApiTransport NewTransport(DaemonEndpoint endpoint, ApiVersion? version)
        => new PooledTransport(endpoint, new PooledTransportOptions(), version);
}
