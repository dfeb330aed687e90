using System.IO.Pipelines;
using Hafen.Logging.JsonFile;
using Hafen.Logging.Readers;

namespace Hafen.Logging.Tests.JsonFile;

/// <summary>
/// The same file through dockerd and through the reader here. <c>Golden/gold-json.log</c> was written by dockerd 20.10 (escapes, an entry longer
/// than 16 KB, bytes that are no UTF-8, attributes); the <c>.bin</c> files are what its API answered.
/// </summary>
public sealed class GoldenTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Golden");

    private static readonly LogRequest s_all = new()
    {
        Stdout = true,
        Stderr = true,
        Multiplexed = true,
        // As a client that follows sees it: a frame for each entry, like dockerd's.
        FollowUntil = Task.CompletedTask,
    };

    public static TheoryData<string, LogRequest> Requests => new()
    {
        { "all", s_all },
        { "stdout", s_all with { Stderr = false } },
        { "stderr-timestamps", s_all with { Stdout = false, Timestamps = true } },
        { "details", s_all with { Details = true, Timestamps = true } },
        { "tail3", s_all with { Tail = 3 } },
        { "since-until", s_all with { Since = 1795228175142883946, Until = 1795228175211758575, Timestamps = true } },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task The_answer_is_dockerds(string name, LogRequest request)
    {
        byte[] expected = await File.ReadAllBytesAsync(Path.Combine(s_folder, name + ".bin"));
        Assert.Equal(expected, await ReadAsync(request));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Shared_frames_carry_the_same_text_for_each_stream(string name, LogRequest request)
    {
        byte[] expected = await File.ReadAllBytesAsync(Path.Combine(s_folder, name + ".bin"));
        byte[] answer = await ReadAsync(request with { FollowUntil = null });
        Assert.Equal(Stream(expected, 1), Stream(answer, 1));
        Assert.Equal(Stream(expected, 2), Stream(answer, 2));
    }

    private static async Task<byte[]> ReadAsync(LogRequest request)
    {
        using var stream = new MemoryStream();
        var writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await new JsonFileReader(Path.Combine(s_folder, "gold-json.log")).CopyAsync(request, writer, CancellationToken.None);
        await writer.CompleteAsync();
        return stream.ToArray();
    }

    private static byte[] Stream(byte[] frames, byte number)
    {
        var text = new List<byte>();
        for (int at = 0; at < frames.Length;)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(frames.AsSpan(at + 4));
            if (frames[at] == number)
                text.AddRange(frames.AsSpan(at + 8, length));
            at += 8 + length;
        }
        return [.. text];
    }
}
