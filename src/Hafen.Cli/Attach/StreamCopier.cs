using Hafen.Cli.Session;
using Hafen.Client.Http;
using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Events;

namespace Hafen.Cli.Attach;

/// <summary>
/// Copies between our standard streams and a hijacked connection on one thread: input goes out as the peer takes it, so a peer that
/// writes while we write can never block both sides.
/// </summary>
internal sealed class StreamCopier(CliStreams streams, HijackedConnection connection)
{
    private const int OutputSize = 256 * 1024;
    private const int InputSize = 64 * 1024;

    private readonly StandardOutputs _outputs = new(streams);
    private byte[] _typed = [];
    private byte[] _pending = [];
    private int _pendingStart;
    private int _pendingEnd;
    private bool _inputEnded;
    private bool _detached;

    /// <summary>The container has a terminal: output is raw, and detach keys are looked for.</summary>
    public bool Tty { get; init; }

    /// <summary>Our standard input goes to the container.</summary>
    public bool CopyInput { get; init; }

    /// <summary>Keys that detach; looked for with a terminal only.</summary>
    public DetachSequence? DetachKeys { get; init; }

    /// <summary>A descriptor that becomes readable when the copying is to end though output stays open; -1 for none.</summary>
    public int EndDescriptor { get; init; } = -1;

    public CopyEnd Run()
    {
        var decoder = Tty ? null : new FrameDecoder(_outputs);
        byte[] received = connection.Received;
        if (received.Length > 0)
            Deliver(decoder, received);
        if (CopyInput)
        {
            _typed = new byte[InputSize];
            _pending = new byte[InputSize + (DetachKeys?.Length ?? 0)];
        }

        byte[] buffer = GC.AllocateUninitializedArray<byte>(OutputSize);
        Span<PollEntry> entries = stackalloc PollEntry[3];
        while (true)
        {
            bool hasPending = _pendingStart < _pendingEnd;
            entries[0] = new PollEntry(connection.Descriptor, (short)(Poll.In | (hasPending ? Poll.Out : 0)));
            entries[1] = new PollEntry(CopyInput && !_inputEnded && !hasPending ? streams.Input : -1, Poll.In);
            entries[2] = new PollEntry(EndDescriptor, Poll.In);
            Poll.Wait(entries, -1);

            if ((entries[0].Found & (Poll.In | Poll.HangUp | Poll.Error)) != 0 && !Receive(decoder, buffer))
                return CopyEnd.OutputEnded;
            if ((entries[0].Found & Poll.Out) != 0)
                SendPending();
            if (entries[1].Found != 0)
                ReadInput();
            if (_detached)
                return CopyEnd.Detached;
            if (entries[2].Found != 0)
                return CopyEnd.Exited;
        }
    }

    /// <returns>False at the end of the output.</returns>
    private bool Receive(FrameDecoder? decoder, byte[] buffer)
    {
        int count = RawDescriptor.Receive(connection.Descriptor, buffer);
        if (count is -Errno.EAGAIN or -Errno.EINTR)
            return true;
        if (count == -Errno.ECONNRESET)
            return false;
        if (count < 0)
            throw new IOException($"read: {Errno.Text(-count)}");
        if (count == 0)
            return false;
        Deliver(decoder, buffer.AsSpan(0, count));
        return true;
    }

    private void Deliver(FrameDecoder? decoder, Span<byte> bytes)
    {
        if (decoder is null)
            _outputs.Write(1, bytes);
        else
            decoder.Decode(bytes);
    }

    private void ReadInput()
    {
        int count = RawDescriptor.Read(streams.Input, _typed);
        if (count is -Errno.EAGAIN or -Errno.EINTR)
            return;

        // EIO: a terminal whose foreground is somebody else's, or that is gone; there is no more input for us.
        if (count <= 0)
        {
            _inputEnded = true;
            connection.CloseWrite();
            return;
        }

        _pendingStart = 0;
        if (Tty && DetachKeys is not null)
        {
            _detached = DetachKeys.Filter(_typed.AsSpan(0, count), _pending, out _pendingEnd);
        }
        else
        {
            (_typed, _pending) = (_pending, _typed);
            _pendingEnd = count;
        }

        SendPending();
    }

    private void SendPending()
    {
        while (_pendingStart < _pendingEnd)
        {
            int count = RawDescriptor.Send(connection.Descriptor, _pending.AsSpan(_pendingStart, _pendingEnd - _pendingStart));
            if (count == -Errno.EAGAIN)
                return;
            if (count == -Errno.EINTR)
                continue;
            if (count < 0)
            {
                // The container takes no more input; its output still matters.
                _inputEnded = true;
                _pendingStart = _pendingEnd;
                return;
            }

            _pendingStart += count;
        }
    }
}
