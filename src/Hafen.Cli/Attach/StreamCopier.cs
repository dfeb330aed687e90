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

    private readonly StandardOutputs outputs = new(streams);
    private byte[] typed = [];
    private byte[] pending = [];
    private int pendingStart;
    private int pendingEnd;
    private bool inputEnded;
    private bool detached;

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
        var decoder = Tty ? null : new FrameDecoder(outputs);
        var received = connection.Received;
        if (received.Length > 0) Deliver(decoder, received);
        if (CopyInput)
        {
            typed = new byte[InputSize];
            pending = new byte[InputSize + (DetachKeys?.Length ?? 0)];
        }

        var buffer = GC.AllocateUninitializedArray<byte>(OutputSize);
        Span<PollEntry> entries = stackalloc PollEntry[3];
        while (true)
        {
            var hasPending = pendingStart < pendingEnd;
            entries[0] = new PollEntry(connection.Descriptor, (short)(Poll.In | (hasPending ? Poll.Out : 0)));
            entries[1] = new PollEntry(CopyInput && !inputEnded && !hasPending ? streams.Input : -1, Poll.In);
            entries[2] = new PollEntry(EndDescriptor, Poll.In);
            Poll.Wait(entries, -1);

            if ((entries[0].Found & (Poll.In | Poll.HangUp | Poll.Error)) != 0 && !Receive(decoder, buffer)) return CopyEnd.OutputEnded;
            if ((entries[0].Found & Poll.Out) != 0) SendPending();
            if (entries[1].Found != 0) ReadInput();
            if (detached) return CopyEnd.Detached;
            if (entries[2].Found != 0) return CopyEnd.Exited;
        }
    }

    /// <returns>False at the end of the output.</returns>
    private bool Receive(FrameDecoder? decoder, byte[] buffer)
    {
        var count = RawDescriptor.Receive(connection.Descriptor, buffer);
        if (count is -Errno.EAGAIN or -Errno.EINTR) return true;
        if (count == -Errno.ECONNRESET) return false;
        if (count < 0) throw new IOException($"read: {Errno.Text(-count)}");
        if (count == 0) return false;
        Deliver(decoder, buffer.AsSpan(0, count));
        return true;
    }

    private void Deliver(FrameDecoder? decoder, Span<byte> bytes)
    {
        if (decoder is null) outputs.Write(1, bytes);
        else decoder.Decode(bytes);
    }

    private void ReadInput()
    {
        var count = RawDescriptor.Read(streams.Input, typed);
        if (count is -Errno.EAGAIN or -Errno.EINTR) return;

        // EIO: a terminal whose foreground is somebody else's, or that is gone; there is no more input for us.
        if (count <= 0)
        {
            inputEnded = true;
            connection.CloseWrite();
            return;
        }

        pendingStart = 0;
        if (Tty && DetachKeys is not null)
        {
            detached = DetachKeys.Filter(typed.AsSpan(0, count), pending, out pendingEnd);
        }
        else
        {
            (typed, pending) = (pending, typed);
            pendingEnd = count;
        }

        SendPending();
    }

    private void SendPending()
    {
        while (pendingStart < pendingEnd)
        {
            var count = RawDescriptor.Send(connection.Descriptor, pending.AsSpan(pendingStart, pendingEnd - pendingStart));
            if (count == -Errno.EAGAIN) return;
            if (count == -Errno.EINTR) continue;
            if (count < 0)
            {
                // The container takes no more input; its output still matters.
                inputEnded = true;
                pendingStart = pendingEnd;
                return;
            }

            pendingStart += count;
        }
    }
}
