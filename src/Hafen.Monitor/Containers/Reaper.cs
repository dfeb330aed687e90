using Hafen.Linux.Events;
using Hafen.Linux.Processes;
using Hafen.Monitor.Loop;

namespace Hafen.Monitor.Containers;

/// <summary>
/// Reaps every child that ends, and orphans of the container that the kernel hands to this process. The one place that waits for children, so that no exit
/// status is taken by somebody else.
/// </summary>
internal sealed class Reaper : IReady, IDisposable
{
    private readonly EventLoop _loop;
    private readonly SignalDescriptor _signals = new(SignalMask.SIGCHLD);
    private readonly Dictionary<int, Child> _expected = [];

    public Reaper(EventLoop loop)
    {
        _loop = loop;
        loop.Add(_signals.Number, Epoll.In, this);
    }

    /// <summary>Calls back once when the child has ended.</summary>
    /// <param name="pid">The child.</param>
    /// <param name="pidDescriptor">Its pidfd, open until the call; -1 when there is none.</param>
    /// <param name="ended">Gets its status.</param>
    public void Expect(int pid, int pidDescriptor, Action<ChildExit> ended) =>
        _expected[pid] = new Child(pidDescriptor < 0 ? null : _loop.Add(pidDescriptor, Epoll.In, this), ended);

    public void Ready(uint events)
    {
        while (_signals.Take() != 0)
        {
        }

        // One signal may stand for many children.
        while (Children.TryWaitAny() is { } exit)
        {
            if (!_expected.Remove(exit.Pid, out var child))
                continue;
            if (child.Watch is not null)
                _loop.Remove(child.Watch);
            child.Ended(exit);
        }
    }

    public void Dispose() => _signals.Dispose();

    private sealed record Child(Watch? Watch, Action<ChildExit> Ended);
}
