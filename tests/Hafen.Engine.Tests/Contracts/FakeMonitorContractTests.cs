using Hafen.Engine.Monitors;
using Hafen.Engine.Tests.Fakes;
using Hafen.Errors;
using Hafen.Logging;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Tests.Contracts;

public sealed class FakeMonitorContractTests : MonitorContract
{
    private readonly FakeMonitors _monitors = new();

    protected override IMonitors Monitors => _monitors;

    protected override string Id { get; } = new('a', 64);

    protected override MonitorCreate ThatGoesOn() => new() { Id = Id, Bundle = "/b", Log = new LogTarget { Driver = "none", Path = "" } };

    protected override MonitorCreate ThatCannotRun()
    {
        _monitors.StartFailure = new Failure(ErrorKind.CommandNotFound, 2, "exec", "no such file or directory");
        return ThatGoesOn();
    }
}
