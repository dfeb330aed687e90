using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Events;
using Hafen.Linux.Sockets;
using Hafen.Logging;
using Hafen.Monitor.Loop;
using Hafen.Monitor.Protocol;

namespace Hafen.Monitor.Streams;

/// <summary>
/// An attached client: the monitor writes output straight to its socket and reads its input from there. Ends in order: everything queued, then the end of
/// the stream, then the client's own end.
/// </summary>
internal sealed class AttachedClient : IReady, IDisposable
{
    private const int InputChunk = 64 * 1024;
    private const int SendBuffer = 1024 * 1024;
    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(5);

    private enum Phase
    {
        Open,
        /// <summary>No more output will come; what is queued is still being sent.</summary>
        Ending,
        /// <summary>The end has been sent; the client's own end is awaited, because closing earlier may destroy what is under way.</summary>
        Lingering,
        Closed,
    }

    private readonly EventLoop _loop;
    private readonly ProcessStreams _owner;
    private readonly MonitorAttach _request;
    private readonly DetachKeys _detachKeys;
    private readonly ByteQueue _queue = new();
    private readonly int _socket;
    private Watch? _watch;
    private Phase _phase;
    private byte[] _prefix;
    private bool _reading;
    private bool _hungUp;
    private Deadline? _linger;

    public AttachedClient(EventLoop loop, ProcessStreams owner, MonitorAttach request, int socket)
    {
        _loop = loop;
        _owner = owner;
        _request = request;
        _socket = socket;
        _reading = request.Stdin;
        _prefix = request.Stdin ? request.Prefix : [];

        // As in Docker, only who sits at a terminal has detach keys: in a pipe the bytes mean themselves.
        _detachKeys = new DetachKeys(owner.Terminal ? request.DetachKeys : []);
        PacketSocket.SetSendBuffer(socket, SendBuffer);
    }

    /// <summary>Bytes waiting because the client is slow.</summary>
    public int Backlog => _queue.Length;

    public bool IsClosed => _phase == Phase.Closed;

    /// <summary>Goes on when there may be room for input: bytes the client had already sent come first.</summary>
    public void Continue()
    {
        if (_prefix.Length > 0 && _reading && _owner.TakesInput)
        {
            byte[] prefix = _prefix;
            _prefix = [];
            for (int at = 0; at < prefix.Length && _reading; at += InputChunk)
                TakeInput(prefix.AsSpan(at, Math.Min(InputChunk, prefix.Length - at)));
        }
        UpdateWatch();
    }

    /// <summary>Sends output, or queues what the socket does not take.</summary>
    public void Write(LogStream stream, ReadOnlySpan<byte> data)
    {
        if (_phase != Phase.Open || _hungUp || !(stream == LogStream.Stdout ? _request.Stdout : _request.Stderr))
            return;
        Span<byte> header = stackalloc byte[_request.Multiplexed ? StreamHeader.Length : 0];
        if (_request.Multiplexed)
            StreamHeader.Write(header, stream, data.Length);
        if (_queue.IsEmpty)
        {
            int sent = header.IsEmpty ? RawDescriptor.Send(_socket, data) : RawDescriptor.Send(_socket, header, data);
            if (sent < 0 && sent is not (-Errno.EAGAIN or -Errno.EINTR))
            {
                HangUp();
                return;
            }
            sent = Math.Max(0, sent);
            if (sent == header.Length + data.Length)
                return;
            _queue.Append(header[Math.Min(sent, header.Length)..]);
            _queue.Append(data[Math.Max(0, sent - header.Length)..]);
        }
        else
        {
            _queue.Append(header);
            _queue.Append(data);
        }
        UpdateWatch();
    }

    /// <summary>No more output will come: ends the stream in order.</summary>
    public void Finish()
    {
        if (_phase != Phase.Open)
            return;
        _phase = Phase.Ending;
        _reading = false;
        Advance();
    }

    /// <summary>Gives the client up at once.</summary>
    public void Close()
    {
        if (_phase == Phase.Closed)
            return;
        _phase = Phase.Closed;
        _linger?.Cancel();
        Unwatch();
        _queue.Dispose();
        RawDescriptor.Close(_socket);
        _owner.ClientClosed(this);
    }

    public void Dispose() => Close();

    private void UpdateWatch()
    {
        if (_phase == Phase.Closed)
            return;
        if (_hungUp && _owner.InputOver)
        {
            Close();
            return;
        }
        uint events = (_queue.IsEmpty || _hungUp ? 0 : Epoll.Out)
            | (_phase == Phase.Lingering || (_reading && _owner.TakesInput) ? Epoll.In | Epoll.ReadHangUp : 0);

        // A hang-up is reported whether asked for or not; while its last input cannot be taken, the loop would spin.
        if (events == 0 && _hungUp)
            Unwatch();
        else if (_watch is null)
            _watch = _loop.Add(_socket, events, this);
        else
            _loop.Change(_watch, events);
    }

    /// <summary>Gives unused memory back.</summary>
    public void Release() => _queue.Release();

    public void Ready(uint events)
    {
        if ((events & (Epoll.HangUp | Epoll.Error)) != 0)
            HangUp();
        if ((events & Epoll.Out) != 0 && !_hungUp)
            SendQueued();
        if (_phase == Phase.Lingering)
            Discard();
        else if (_phase == Phase.Open && _reading && _owner.TakesInput && (events & ~Epoll.Out) != 0)
            ReadInput();
        if (_hungUp && !_reading)
            Close();
        UpdateWatch();
    }

    /// <summary>The client takes no more output; what it sent before it left still counts.</summary>
    private void HangUp()
    {
        _hungUp = true;
        _queue.Clear();
        if (_reading)
            _owner.ClientDrained();
        else
            Close();
    }

    private void SendQueued()
    {
        if (!_queue.IsEmpty)
        {
            int sent = RawDescriptor.Send(_socket, _queue.Bytes);
            if (sent < 0 && sent is not (-Errno.EAGAIN or -Errno.EINTR))
            {
                HangUp();
                return;
            }
            _queue.Consume(Math.Max(0, sent));
        }
        Advance();
        _owner.ClientDrained();
    }

    /// <summary>Goes on with the end when everything has been sent.</summary>
    private void Advance()
    {
        if (_phase == Phase.Ending && _queue.IsEmpty)
        {
            _phase = Phase.Lingering;
            RawDescriptor.ShutdownSend(_socket);
            _linger = _loop.After(s_linger, Close);
        }
        UpdateWatch();
    }

    private void ReadInput()
    {
        var buffer = _loop.Scratch[..InputChunk];
        int count = RawDescriptor.Receive(_socket, buffer);
        if (count > 0)
            TakeInput(buffer[..count]);
        else if (count is not (-Errno.EAGAIN or -Errno.EINTR))
            InputEnded();
    }

    private void TakeInput(ReadOnlySpan<byte> input)
    {
        // The filter's output needs a place that is not the input's own.
        var output = _loop.Scratch[InputChunk..];
        int count = _detachKeys.Filter(input, output, out bool detached);
        if (count > 0)
            _owner.WriteInput(output[..count]);
        if (detached)
        {
            _reading = false;
            _owner.ClientDetached();
            Finish();
        }
    }

    private void InputEnded()
    {
        _reading = false;
        if (_owner.InputEnded())
            Finish();
    }

    private void Discard()
    {
        int count = RawDescriptor.Receive(_socket, _loop.Scratch);
        if (count == 0 || (count < 0 && count is not (-Errno.EAGAIN or -Errno.EINTR)))
            Close();
    }

    private void Unwatch()
    {
        if (_watch is null)
            return;
        _loop.Remove(_watch);
        _watch = null;
    }
}
