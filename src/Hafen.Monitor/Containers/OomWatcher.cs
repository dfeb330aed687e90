using Hafen.Linux.Cgroups;
using Hafen.Monitor.Loop;

namespace Hafen.Monitor.Containers;

/// <summary>Tells the owner whenever the container has run out of memory.</summary>
internal sealed class OomWatcher : IReady
{
    private readonly EventLoop _loop;
    private readonly OomWatch _oom;
    private readonly Action _tell;
    private readonly Watch _watch;

    /// <param name="oom">Owned from here on.</param>
    public OomWatcher(EventLoop loop, OomWatch oom, Action tell)
    {
        _loop = loop;
        _oom = oom;
        _tell = tell;
        _watch = loop.Add(oom.Number, oom.Events, this);
    }

    public void Ready(uint events)
    {
        if (_oom.Take())
            _tell();
    }

    /// <summary>Watches no more; to be called before the cgroup goes.</summary>
    public void Stop()
    {
        _loop.Remove(_watch);
        _oom.Dispose();
    }
}
