using System.Text.Json;
using Hafen.Engine.Events;

namespace Hafen.Engine.Host;

/// <summary>Takes over what may change while the daemon runs.</summary>
public sealed class ReloadSystem(CurrentSystemOptions options, HostFacts host, EventStream events)
{
    /// <summary>Changes what <c>/info</c> tells, and tells those who listen to events of the reload.</summary>
    /// <param name="debug">The log is detailed from now on.</param>
    /// <param name="labels">The daemon's labels.</param>
    /// <param name="liveRestore">Containers go on when the daemon ends.</param>
    /// <param name="more">Further settings for the event, as text.</param>
    public void Run(bool debug, IReadOnlyList<string> labels, bool liveRestore, IReadOnlyDictionary<string, string> more)
    {
        var now = options.Value with { Debug = debug, Labels = labels, LiveRestore = liveRestore };
        options.Replace(now);
        events.Publish("daemon", "reload", EngineId.Ensure(now.Root), new Dictionary<string, string>(more)
        {
            ["name"] = host.Hostname,
            ["debug"] = debug ? "true" : "false",
            ["live-restore"] = liveRestore ? "true" : "false",
            ["labels"] = Array(labels),
        });
    }

    /// <summary>As JSON text.</summary>
    private static string Array(IReadOnlyList<string> texts)
        => $"[{string.Join(',', texts.Select(text => $"\"{JsonEncodedText.Encode(text)}\""))}]";
}
