using System.Text;
using Hafen.Logging.JsonFile;

namespace Hafen.Logging.Tests.JsonFile;

public sealed class LogEntryParserTests
{
    private const string Time = "2024-05-01T12:00:00.5Z";

    [Theory]
    [InlineData("""{"log":"hello\n","stream":"stdout","time":"2024-05-01T12:00:00.5Z"}""", 1, "hello\n")]
    [InlineData("""{"log":"","stream":"stderr","time":"2024-05-01T12:00:00.5Z"}""", 2, "")]
    [InlineData("""{"log":"a\"b\\c\u003cd\u00e9\ud83d\ude00\t\r\n","stream":"stderr","time":"2024-05-01T12:00:00.5Z"}""", 2, "a\"b\\c<dé😀\t\r\n")]
    [InlineData("""{"log":"ends with \\","stream":"stdout","time":"2024-05-01T12:00:00.5Z"}""", 1, "ends with \\")]
    [InlineData("""{"log":"half \ud83d pair","stream":"stdout","time":"2024-05-01T12:00:00.5Z"}""", 1, "half \uFFFD pair")]
    [InlineData("""{"log":"x\n","stream":"stdout","attrs":{"a":"b","time":","},"time":"2024-05-01T12:00:00.5Z"}""", 1, "x\n")]
    [InlineData("""{ "time" : "2024-05-01T12:00:00.5Z", "stream":"stdout", "more":[1,{"a":2}], "log":"any order\n" }""", 1, "any order\n")]
    [InlineData("""{"log":"cut of{"log":"whole\n","stream":"stdout","time":"2024-05-01T12:00:00.5Z"}""", 1, "whole\n")]
    [InlineData("""{"log":"no line end\n","stream":"stderr","time":"2024-05-01T12:00:00Z"}{"log":"next\n","stream":"stdout","time":"2024-05-01T12:00:00.5Z"}""", 1, "next\n")]
    [InlineData("""{"log":"x\n","stream":"stdout","attrs":{"log":"y"},"time":"2024-05-01T12:00:00.5Z"}""", 1, "x\n")]
    [InlineData("\0\0\0\0{\"log\":\"after a hole\\n\",\"stream\":\"stdout\",\"time\":\"2024-05-01T12:00:00.5Z\"}", 1, "after a hole\n")]
    public void Entries_are_read(string line, int stream, string text)
    {
        Assert.True(LogEntryParser.TryParse(Encoding.UTF8.GetBytes(line), out var entry));
        Assert.Equal(stream, (int)entry.Stream);
        Assert.Equal(Time, Encoding.UTF8.GetString(entry.Time));
        byte[] plain = new byte[entry.Text.Length * 3 + 8];
        int length = entry.Escaped ? JsonText.Unescape(entry.Text, plain) : Copy(entry.Text, plain);
        Assert.Equal(text, Encoding.UTF8.GetString(plain, 0, length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("garbage")]
    [InlineData("""{"log":"no end""")]
    [InlineData("""{"log":"no stream\n","time":"2024-05-01T12:00:00.5Z"}""")]
    [InlineData("""{"log":"no time\n","stream":"stdout"}""")]
    [InlineData("""{"log":"odd stream\n","stream":"stdin","time":"2024-05-01T12:00:00.5Z"}""")]
    [InlineData("""{"log":"x","stream":"stdout","time":"2024-05-01T12:00:0""")]
    [InlineData("""["log"]""")]
    [InlineData("""{"log":5,"stream":"stdout","time":true}""")]
    public void Corrupt_lines_are_none(string line) => Assert.False(LogEntryParser.TryParse(Encoding.UTF8.GetBytes(line), out _));

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1970-01-01T00:00:01.000000001Z", 1_000_000_001)]
    [InlineData("1970-01-01T02:00:00.5+02:00", 500_000_000)]
    [InlineData("2024-05-01T12:00:00.123456789Z", 1714564800123456789)]
    public void Times_are_nanoseconds(string text, long nanoseconds)
    {
        Assert.True(LogTime.TryParse(Encoding.ASCII.GetBytes(text), out long parsed));
        Assert.Equal(nanoseconds, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2024-13-01T12:00:00Z")]
    [InlineData("2024-02-30T12:00:00Z")]
    [InlineData("2024-05-01T12:00:00")]
    [InlineData("2024-05-01T12:00:00.Z")]
    [InlineData("2024-05-01 12:00:00Z")]
    public void Other_texts_are_no_times(string text) => Assert.False(LogTime.TryParse(Encoding.ASCII.GetBytes(text), out _));

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> target)
    {
        text.CopyTo(target);
        return text.Length;
    }
}
