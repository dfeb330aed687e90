using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Events;
using Hafen.Logging;
using Hafen.Monitor.Loop;

namespace Hafen.Monitor.Streams;

/// <summary>The reading end of a process's stdout or stderr, or its terminal.</summary>
internal sealed class OutputSource : IReady
{
    private readonly EventLoop _loop;
    private readonly ProcessStreams _owner;
    private readonly int _descriptor;
    private Watch? _watch;

    public OutputSource(EventLoop loop, ProcessStreams owner, LogStream stream, int descriptor, bool hold = false)
    {
        _loop = loop;
        _owner = owner;
        _descriptor = descriptor;
        Stream = stream;
        RawDescriptor.SetNonBlocking(descriptor);
        if (!hold)
            Resume();
    }

    public LogStream Stream { get; }

    public bool Ended { get; private set; }

    /// <summary>Stops reading: the process blocks when its pipe is full.</summary>
    public void Pause()
    {
        if (_watch is null)
            return;
        _loop.Remove(_watch);
        _watch = null;
    }

    public void Resume()
    {
        if (!Ended)
            _watch ??= _loop.Add(_descriptor, Epoll.In, this);
    }

    public void Ready(uint events) => ReadOnce();

    /// <summary>Reads once; false when there was nothing.</summary>
    public bool ReadOnce()
    {
        if (Ended)
            return false;
        var buffer = _loop.Scratch;
        int count = RawDescriptor.Read(_descriptor, buffer);
        if (count > 0)
        {
            _owner.Deliver(Stream, buffer[..count]);
            return true;
        }

        // A terminal whose last user has closed it reports EIO instead of an end.
        if (count is not (-Errno.EAGAIN or -Errno.EINTR))
            End();
        return false;
    }

    /// <summary>Closes the reading end.</summary>
    public void End()
    {
        if (Ended)
            return;
        Ended = true;
        Pause();
        RawDescriptor.Close(_descriptor);
        _owner.SourceEnded(this);
    }
}
