using System.Collections.Concurrent;
using Hafen.Api;
using Hafen.Daemon.Http;
using Hafen.Images;

namespace Hafen.Daemon.Routes;

/// <summary>Shows the loading of layers as clients draw it, at most ten times a second for each layer.</summary>
internal sealed class LayerProgressLines(JsonStream stream) : IProgress<LayerProgress>
{
    private const long Pause = 100;

    private readonly ConcurrentDictionary<string, long> _shown = new(StringComparer.Ordinal);

    public void Report(LayerProgress value)
    {
        long now = Environment.TickCount64;
        bool done = value.Total > 0 && value.Current >= value.Total;
        if (!done && _shown.TryGetValue(value.Layer, out long last) && now - last < Pause)
            return;
        _shown[value.Layer] = now;
        stream.Report(new ProgressMessage
        {
            Status = "Loading layer",
            Id = value.Layer,
            ProgressDetail = new ProgressDetail { Current = value.Current, Total = value.Total },
        });
    }
}
