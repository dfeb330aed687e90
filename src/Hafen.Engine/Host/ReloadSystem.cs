using System.Text.Json;

namespace Hafen.Engine.Host;

/// <summary>Takes over what may change while the daemon runs.</summary>
public static class ReloadSystem
{
    /// <summary>Changes what <c>/info</c> tells, and tells those who listen to events of the reload.</summary>
    /// <param name="more">Further settings for the event, as text.</param>
    public static void Reload(this SystemEngine system, bool debug, IReadOnlyList<string> labels, bool liveRestore, IReadOnlyDictionary<string, string> more)
    {
        system.Options = system.Options with { Debug = debug, Labels = labels, LiveRestore = liveRestore };
        system.Events.Publish("daemon", "reload", EngineId.Ensure(system.Options.Root), new Dictionary<string, string>(more)
        {
            ["name"] = system.Host.Hostname,
            ["debug"] = debug ? "true" : "false",
            ["live-restore"] = liveRestore ? "true" : "false",
            ["labels"] = Array(labels),
        });
    }

    /// <summary>As JSON text.</summary>
    private static string Array(IReadOnlyList<string> texts)
        => $"[{string.Join(',', texts.Select(text => $"\"{JsonEncodedText.Encode(text)}\""))}]";
}
