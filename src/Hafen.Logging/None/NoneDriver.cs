using Hafen.Logging.Options;
using Hafen.Logging.Readers;
using Hafen.Logging.Writers;

namespace Hafen.Logging.None;

/// <summary>The driver <c>none</c>: nothing is written, so nothing can be read.</summary>
internal sealed class NoneDriver : ILogDriver
{
    public string Name => "none";

    public IReadOnlyList<LogOption>? Options => null;

    public void CheckContainer(LogContainer container, IReadOnlyDictionary<string, string> options)
    {
    }

    public string? FileOf(LogPlace place) => null;

    public LogTarget Target(LogPlace place, LogContainer container, IReadOnlyDictionary<string, string> options) => new() { Driver = Name };

    public ILogWriter? OpenWriter(LogTarget target, ILogHost host) => null;

    public ILogReader? OpenReader(LogPlace place) => null;
}
