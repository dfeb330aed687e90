using Hafen.Engine.Monitors;
using Hafen.Engine.Tests.Monitors;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Tests.Contracts;

public sealed class RealMonitorContractTests : MonitorContract
{
    private readonly MonitorBench _bench = new();

    protected override IMonitors Monitors => _bench.Monitors;

    protected override string Id => _bench.Id;

    public override async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override MonitorCreate ThatGoesOn() => _bench.Request(["/bin/sleep", "1000"]);

    protected override MonitorCreate ThatCannotRun() => _bench.Request(["/bin/nothing"]);
}
