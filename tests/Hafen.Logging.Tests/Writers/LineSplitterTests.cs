using Hafen.Logging.Writers;

namespace Hafen.Logging.Tests.Writers;

public class LineSplitterTests
{
    private const int Limit = LineSplitter.Limit;

    public static TheoryData<int, int[]> Lines => new()
    {
        { 0, [0] },
        { 1, [1] },
        { Limit - 1, [Limit - 1] },
        { Limit, [-Limit, 0] },
        { Limit + 1, [-Limit, 1] },
        { 3 * Limit, [-Limit, -Limit, -Limit, 0] },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Long_lines_come_in_pieces_counted_from_their_start(int length, int[] expected)
    {
        foreach (int chunk in (int[])[1000, Limit - 1, Limit, Limit + 1, 200_000])
        {
            int[] found = Split([.. "ab\n"u8, .. Enumerable.Repeat((byte)'x', length), .. "\ncd\n"u8], chunk);
            Assert.Equal([2, .. expected, 2], found);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public void The_rest_without_newline_is_an_incomplete_line(int chunk) => Assert.Equal([1, 0, -3], Split("a\n\nbcd"u8.ToArray(), chunk));

    [Fact]
    public void Nothing_is_logged_for_an_empty_stream() => Assert.Empty(Split([], 1));

    private static int[] Split(byte[] data, int chunk)
    {
        var sink = new Sink();
        using var splitter = new LineSplitter(sink);
        foreach (byte[] piece in data.Chunk(chunk))
            splitter.Feed(piece);
        splitter.End();
        return [.. sink.Found];
    }

    /// <summary>Lengths of the pieces, negative for incomplete ones.</summary>
    private sealed class Sink : ILineSink
    {
        private bool _within;

        public List<int> Found { get; } = [];

        public void Line(ReadOnlySpan<byte> line, bool complete, bool continued)
        {
            Assert.Equal(_within, continued);
            _within = !complete;
            Found.Add(complete ? line.Length : -line.Length);
        }
    }
}
