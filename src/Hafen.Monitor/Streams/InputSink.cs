using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Events;
using Hafen.Monitor.Loop;

namespace Hafen.Monitor.Streams;

/// <summary>The writing end of a process's stdin, or its terminal. What it does not take at once waits in a bounded queue.</summary>
internal sealed class InputSink : IReady, IDisposable
{
    private const int Limit = 64 * 1024;

    private readonly EventLoop _loop;
    private readonly Action _drained;
    private readonly ByteQueue _queue = new();
    private readonly int _descriptor;
    private Watch? _watch;
    private bool _closing;

    /// <param name="loop">The monitor's loop.</param>
    /// <param name="descriptor">The writing end, owned from here on.</param>
    /// <param name="drained">Called when there is room again.</param>
    public InputSink(EventLoop loop, int descriptor, Action drained)
    {
        _loop = loop;
        _descriptor = descriptor;
        _drained = drained;
        RawDescriptor.SetNonBlocking(descriptor);
    }

    /// <summary>Whether nobody reads any more.</summary>
    public bool Closed { get; private set; }

    /// <summary>Whether clients may send more.</summary>
    public bool HasRoom => !Closed && !_closing && _queue.Length < Limit;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Closed || _closing)
            return;
        if (_queue.IsEmpty)
        {
            int written = Put(bytes);
            if (Closed)
                return;
            bytes = bytes[written..];
            if (bytes.IsEmpty)
                return;
            _watch = _loop.Add(_descriptor, Epoll.Out, this);
        }
        _queue.Append(bytes);
    }

    /// <summary>Gives the process its end of file after everything queued.</summary>
    public void CloseWhenDrained()
    {
        _closing = true;
        if (_queue.IsEmpty)
            Close();
    }

    public void Close()
    {
        if (Closed)
            return;
        Closed = true;
        Unwatch();
        _queue.Dispose();
        RawDescriptor.Close(_descriptor);
    }

    public void Dispose() => Close();

    /// <summary>Gives unused memory back.</summary>
    public void Release() => _queue.Release();

    public void Ready(uint events)
    {
        _queue.Consume(Put(_queue.Bytes));
        if (Closed || !_queue.IsEmpty)
            return;
        Unwatch();
        if (_closing)
            Close();
        else
            _drained();
    }

    private int Put(ReadOnlySpan<byte> bytes)
    {
        int written = RawDescriptor.Write(_descriptor, bytes);
        if (written >= 0)
            return written;
        if (written is not (-Errno.EAGAIN or -Errno.EINTR))
            Close();
        return 0;
    }

    private void Unwatch()
    {
        if (_watch is null)
            return;
        _loop.Remove(_watch);
        _watch = null;
    }
}
