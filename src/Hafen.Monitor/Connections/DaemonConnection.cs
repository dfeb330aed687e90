using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Events;
using Hafen.Linux.Sockets;
using Hafen.Monitor.Loop;
using Hafen.Monitor.Protocol;

namespace Hafen.Monitor.Connections;

/// <summary>One daemon's connection. It never makes the monitor wait: what the daemon does not take is queued.</summary>
internal sealed class DaemonConnection : IReady
{
    private const int QueueLimit = 1024;

    private readonly EventLoop _loop;
    private readonly Daemons _owner;
    private readonly int _socket;
    private readonly Queue<byte[]> _queue = [];
    private Watch? _watch;

    public DaemonConnection(EventLoop loop, Daemons owner, int socket)
    {
        _loop = loop;
        _owner = owner;
        _socket = socket;
        _watch = loop.Add(socket, Epoll.In, this);
    }

    /// <summary>Whether everything said has been handed to the kernel.</summary>
    public bool Flushed => _watch is null || _queue.Count == 0;

    public void Send(ReadOnlySpan<byte> packet)
    {
        if (_watch is null)
            return;
        if (_queue.Count == 0)
        {
            int result = MonitorPackets.Send(_socket, packet);
            if (result == 0)
                return;
            if (result is not (-Errno.EAGAIN or -Errno.ENOMEM))
            {
                Close();
                return;
            }
        }
        if (_queue.Count == QueueLimit)
        {
            // A daemon this far behind is stuck; it learns the state anew when it connects again.
            Close();
            return;
        }
        _queue.Enqueue(packet.ToArray());
        _loop.Change(_watch, Epoll.In | Epoll.Out);
    }

    public void Ready(uint events)
    {
        if ((events & Epoll.Out) != 0)
            SendQueued();
        if ((events & ~Epoll.Out) != 0)
            Receive();
    }

    public void Close()
    {
        if (_watch is null)
            return;
        _loop.Remove(_watch);
        _watch = null;
        _queue.Clear();
        RawDescriptor.Close(_socket);
        _owner.Closed(this);
    }

    private void SendQueued()
    {
        while (_watch is not null && _queue.TryPeek(out byte[]? packet))
        {
            int result = MonitorPackets.Send(_socket, packet);
            if (result is -Errno.EAGAIN or -Errno.ENOMEM)
                return;
            if (result < 0)
            {
                Close();
                return;
            }
            _queue.Dequeue();
        }
        if (_watch is not null)
            _loop.Change(_watch, Epoll.In);
    }

    private void Receive()
    {
        Span<int> descriptors = stackalloc int[PacketSocket.MaximumDescriptors];
        int length = MonitorPackets.Receive(_socket, _loop.Scratch, out var packet, descriptors, out int count);
        if (length is -Errno.EAGAIN or -Errno.EINTR)
            return;
        if (length <= 0)
        {
            Close();
            return;
        }
        _owner.Handle(this, packet, descriptors[..count]);
    }
}
