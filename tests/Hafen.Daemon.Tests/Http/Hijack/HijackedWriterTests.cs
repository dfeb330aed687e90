using System.Buffers;
using System.Net.Sockets;
using Hafen.Daemon.Http.Hijack;
using Hafen.Linux.Sockets;

namespace Hafen.Daemon.Tests.Http.Hijack;

/// <summary>An answer's text on a socket that was taken.</summary>
public sealed class HijackedWriterTests : IDisposable
{
    private readonly Socket _reader;
    private readonly HijackedSocket _taken;

    public HijackedWriterTests()
    {
        string path = Path.Combine(Path.GetTempPath(), $"hafen-{Guid.NewGuid():N}.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        _reader = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _reader.Connect(new UnixDomainSocketEndPoint(path));
        var accepted = listener.Accept();
        File.Delete(path);
        accepted.Blocking = false;
        int descriptor = Hafen.Linux.Descriptors.RawDescriptor.Duplicate((int)accepted.SafeHandle.DangerousGetHandle());
        accepted.Dispose();
        _taken = new HijackedSocket(new StreamSocket(descriptor), []);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _taken.Dispose();
    }

    [Fact]
    public async Task What_was_written_leaves_with_the_flush_however_large_it_is()
    {
        byte[] sent = new byte[300_000];
        new Random(1).NextBytes(sent);
        var received = Task.Run(() => Receive(sent.Length + 3));
        var writer = new HijackedWriter(_taken);
        writer.Write("one"u8);
        await writer.FlushAsync();
        writer.Write(sent.AsSpan(0, 100_000));
        sent.AsSpan(100_000).CopyTo(writer.GetSpan(200_000));
        writer.Advance(200_000);
        await writer.FlushAsync();
        await writer.FlushAsync();
        await writer.CompleteAsync();
        byte[] expected = [.. "one"u8, .. sent];
        Assert.Equal(expected, await received);
    }

    [Fact]
    public async Task A_client_that_does_not_read_makes_the_writer_wait_until_it_is_called_off()
    {
        var writer = new HijackedWriter(_taken);
        writer.Write(new byte[8 << 20]);
        using var leave = new CancellationTokenSource(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await writer.FlushAsync(leave.Token));
        writer.Complete();
    }

    [Fact]
    public async Task A_client_that_is_gone_is_told_as_a_broken_stream()
    {
        _reader.Dispose();
        var writer = new HijackedWriter(_taken);
        writer.Write("one"u8);
        await Assert.ThrowsAsync<IOException>(async () => await writer.FlushAsync());
        writer.Complete();
    }

    private byte[] Receive(int count)
    {
        byte[] bytes = new byte[count];
        for (int at = 0; at < count;)
            at += _reader.Receive(bytes, at, count - at, SocketFlags.None) is > 0 and var got ? got : throw new EndOfStreamException();
        return bytes;
    }
}
