using Hafen.Engine.Times;

namespace Hafen.Engine.Tests.Times;

public sealed class TimesTests
{
    private static readonly DateTimeOffset s_now = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("1714564800", "2024-05-01T12:00:00.0000000+00:00")]
    [InlineData("1714564800.5", "2024-05-01T12:00:00.5000000+00:00")]
    [InlineData("10m", "2024-05-01T11:50:00.0000000+00:00")]
    [InlineData("2024-05-01T12:00:00Z", "2024-05-01T12:00:00.0000000+00:00")]
    [InlineData("2024-05-01T12:00:00.25+02:00", "2024-05-01T12:00:00.2500000+02:00")]
    public void Timestamps(string text, string expected) => Assert.Equal(expected, ApiTimestamp.Parse(text, s_now).ToString("O"));

    [Theory]
    [InlineData("2024-05-01T12:00:00.123456789Z", "2024-05-01T12:00:00.123456789Z")]
    [InlineData("2024-05-01T12:00:00.120000000Z", "2024-05-01T12:00:00.12Z")]
    [InlineData("2024-05-01T12:00:00.000Z", "2024-05-01T12:00:00Z")]
    [InlineData("2024-05-01T12:00:00.5+02:00", "2024-05-01T12:00:00.5+02:00")]
    [InlineData("2024-05-01T12:00:00+00:00", "2024-05-01T12:00:00Z")]
    [InlineData("2024-05-01", "2024-05-01")]
    public void Times_are_written_again_as_go_does(string text, string expected) => Assert.Equal(expected, Hafen.Api.GoTime.Reformat(text));

    [Theory]
    [InlineData("99999999999", 1)]
    [InlineData("9223372036854775807.5", 1)]
    [InlineData("-99999999999", -1)]
    [InlineData("-9223372036854775808", -1)]
    public void Times_beyond_all_others_are_the_last_and_the_first(string text, int side)
    {
        Assert.Equal(side * 9223372035, ApiTimestamp.ParseUnix("until", text) / 1_000_000_000);
        Assert.Equal(side, ApiTimestamp.Parse(text, s_now).CompareTo(s_now));
    }

    [Fact]
    public void Other_texts_are_no_timestamps()
    {
        Assert.Throws<EngineException>(() => ApiTimestamp.Parse("yesterday", s_now));
        Assert.Throws<EngineException>(() => ApiTimestamp.ParseUnix("since", "10m"));
        Assert.Null(ApiTimestamp.ParseUnix("since", ""));
        Assert.InRange(ApiTimestamp.ParseUnix("since", "99999999999")!.Value, 9_000_000_000_000_000_000, long.MaxValue);
        Assert.InRange(ApiTimestamp.ParseUnix("since", "-99999999999.5")!.Value, long.MinValue, -9_000_000_000_000_000_000);
        Assert.True(ApiTimestamp.Parse("99999999999", s_now).Year > 2200);
        Assert.Equal(1_500_000_000, ApiTimestamp.ParseUnix("since", "1.5"));
        Assert.Equal(1_000_000_001, ApiTimestamp.ParseUnix("since", "1.000000001"));
    }
}
