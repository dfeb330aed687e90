namespace Hafen.Networking.Tests.Contracts;

public sealed class HostNetworksContractTests : NetworksContract
{
    private readonly TestHost _host = new();
    private HostNetworks? _networks;

    protected override INetworks Networks => _networks!;

    public override ValueTask InitializeAsync()
    {
        _networks = _host.Open();
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await base.DisposeAsync();
    }
}
