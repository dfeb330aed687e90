using Hafen.Engine.Tests.Fakes;
using Hafen.Networking;
using Hafen.Networking.Tests.Contracts;

namespace Hafen.Engine.Tests.Contracts;

public sealed class FakeNetworksContractTests : NetworksContract
{
    protected override INetworks Networks { get; } = new FakeNetworks();

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;
}
