using System.Text;
using Hafen.Logging.Writers;

namespace Hafen.Logging.Tests.Writers;

public class LogTimeWriterTests
{
    [Theory]
    [InlineData(0, "1970-01-01T00:00:00Z")]
    [InlineData(1, "1970-01-01T00:00:00.000000001Z")]
    [InlineData(1_767_323_045_123_456_789, "2026-01-02T03:04:05.123456789Z")]
    [InlineData(1_767_323_045_120_000_000, "2026-01-02T03:04:05.12Z")]
    [InlineData(1_767_323_045_000_000_010, "2026-01-02T03:04:05.00000001Z")]
    [InlineData(1_709_251_199_999_999_999, "2024-02-29T23:59:59.999999999Z")]
    public void The_fraction_has_no_trailing_zeros(long nanoseconds, string expected)
    {
        byte[] target = new byte[LogTimeWriter.MaximumLength];
        var time = new LogTimeWriter();
        time.Write(5_000_000_000, target);
        Assert.Equal(expected, Encoding.ASCII.GetString(target, 0, time.Write(nanoseconds, target)));
    }

    [Fact]
    public void Times_of_lines_rise_without_repetition()
    {
        var clock = new LogClock();
        long last = 0L;
        for (int batch = 0; batch < 100; batch++)
        {
            clock.Tick();
            for (int line = 0; line < 100; line++)
            {
                long next = clock.Next();
                Assert.True(next > last);
                last = next;
            }
        }
    }
}
