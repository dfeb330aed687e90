using System.Buffers.Binary;
using System.Text;
using Hafen.Cli.Attach;

namespace Hafen.Cli.Tests.Attach;

public sealed class FrameDecoderTests
{
    [Fact]
    public void Any_cut_of_any_frames_gives_the_same_streams()
    {
        var random = new Random(20);
        for (int round = 0; round < 200; round++)
        {
            var wanted = new Collector();
            var wire = new List<byte>();
            for (int frame = random.Next(1, 30); frame > 0; frame--)
            {
                byte[] payload = new byte[random.Next(3) == 0 ? 0 : random.Next(1, 400)];
                random.NextBytes(payload);
                byte stream = (byte)random.Next(0, 3);
                wanted.Write(stream, payload);
                wire.AddRange(Frame(stream, payload));
            }

            var got = new Collector();
            var decoder = new FrameDecoder(got);
            var rest = wire.ToArray().AsSpan();
            while (!rest.IsEmpty)
            {
                int count = Math.Min(rest.Length, random.Next(1, 500));
                decoder.Decode(rest[..count]);
                rest = rest[count..];
            }

            Assert.Equal(wanted.Output, got.Output);
            Assert.Equal(wanted.Error, got.Error);
        }
    }

    [Fact]
    public void Small_frames_of_one_stream_are_written_together()
    {
        var got = new Collector();
        byte[] wire = Enumerable.Range(0, 100).SelectMany(_ => Frame(1, "x"u8.ToArray())).ToArray();
        new FrameDecoder(got).Decode(wire);
        Assert.Equal(1, got.Writes);
        Assert.Equal(100, got.Output.Count);
    }

    [Fact]
    public void An_error_of_the_daemon_in_the_stream_is_told()
    {
        var got = new Collector();
        byte[] wire = [.. Frame(1, "before"u8.ToArray()), .. Frame(3, "it broke"u8.ToArray())];
        Assert.Equal("error from daemon in stream: it broke", Assert.Throws<IOException>(() => new FrameDecoder(got).Decode(wire)).Message);
        Assert.Equal("before", Encoding.ASCII.GetString([.. got.Output]));
    }

    [Fact]
    public void What_are_no_frames_is_refused()
        => Assert.Throws<IOException>(() => new FrameDecoder(new Collector()).Decode("HTTP/1.1 200 OK"u8.ToArray()));

    [Theory]
    [InlineData(null, "a\u0010b", "a\u0010b", false)]
    [InlineData(null, "ab\u0010\u0011cd", "ab", true)]
    [InlineData(null, "\u0010\u0010\u0011", "\u0010", true)]
    [InlineData("ctrl-a,x", "\u0001y\u0001x", "\u0001y", true)]
    [InlineData("ctrl-[", "ab\u001b", "ab", true)]
    [InlineData("a,a,b", "aaab", "a", true)]
    public void Keys_that_detach_are_found(string? keys, string typed, string passed, bool detached)
    {
        var sequence = DetachSequence.Parse(keys);
        var output = new List<byte>();
        bool found = false;
        foreach (byte letter in Encoding.ASCII.GetBytes(typed))
        {
            byte[] room = new byte[1 + sequence.Length];
            found = sequence.Filter([letter], room, out int count);
            output.AddRange(room.AsSpan(0, count));
            if (found)
                break;
        }

        Assert.Equal((passed, detached), (Encoding.ASCII.GetString([.. output]), found));
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("ctrl-1")]
    [InlineData("a,,b")]
    public void What_are_no_keys_is_refused(string keys) => Assert.Throws<FormatException>(() => DetachSequence.Parse(keys));

    private static byte[] Frame(byte stream, byte[] payload)
    {
        byte[] frame = new byte[8 + payload.Length];
        frame[0] = stream;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), payload.Length);
        payload.CopyTo(frame, 8);
        return frame;
    }

    private sealed class Collector : IFrameSink
    {
        public List<byte> Output { get; } = [];

        public List<byte> Error { get; } = [];

        public int Writes { get; private set; }

        public void Write(int stream, ReadOnlySpan<byte> bytes)
        {
            Writes++;
            (stream == 2 ? Error : Output).AddRange(bytes);
        }
    }
}
