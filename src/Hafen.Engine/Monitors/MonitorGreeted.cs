using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Monitors;

/// <summary>A monitor has been connected to anew: what it says of itself, in order with its other events.</summary>
/// <param name="Hello">Its greeting.</param>
/// <param name="Again">It had been connected to before by this daemon.</param>
internal sealed record MonitorGreeted(MonitorHello Hello, bool Again) : MonitorEvent;
