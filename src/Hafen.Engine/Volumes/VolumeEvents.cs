using Hafen.Engine.Events;
using Hafen.Volumes;

namespace Hafen.Engine.Volumes;

/// <summary>Tells what happens to volumes.</summary>
public sealed class VolumeEvents(EventStream events)
{
    /// <param name="action"><c>create</c> or <c>destroy</c>.</param>
    /// <param name="volume">Whom it happened to.</param>
    public void Publish(string action, Volume volume)
        => events.Publish("volume", action, volume.Name, new Dictionary<string, string> { ["driver"] = volume.Driver });

    /// <param name="reclaimed">Bytes that the prune has gained.</param>
    public void PublishPrune(long reclaimed) => events.PublishPrune("volume", reclaimed);
}
