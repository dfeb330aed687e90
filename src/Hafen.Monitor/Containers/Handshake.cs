using Hafen.Linux.Events;
using Hafen.Monitor.Loop;
using Hafen.Runtime.Create;

namespace Hafen.Monitor.Containers;

/// <summary>Listens to a child on its way to execve and passes on what it reports, until Started or Failed.</summary>
internal sealed class Handshake : IReady
{
    private readonly EventLoop _loop;
    private readonly Func<StepResult> _poll;
    private readonly Action<StepResult> _step;
    private Watch? _watch;

    public Handshake(EventLoop loop, int descriptor, Func<StepResult> poll, Action<StepResult> step)
    {
        _loop = loop;
        _poll = poll;
        _step = step;
        _watch = loop.Add(descriptor, Epoll.In, this);
    }

    public void Ready(uint events) => Advance();

    /// <summary>Passes on everything that has been reported so far.</summary>
    public void Advance()
    {
        while (_watch is not null)
        {
            var step = _poll();
            if (step.Kind == StepKind.Pending)
                return;
            if (step.Kind is StepKind.Started or StepKind.Failed)
                Stop();
            _step(step);
        }
    }

    /// <summary>Listens no more.</summary>
    public void Stop()
    {
        if (_watch is null)
            return;
        _loop.Remove(_watch);
        _watch = null;
    }
}
