namespace Hafen.Oci.Tests;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("1h30m", 5_400_000_000_000)]
    [InlineData("1.5s", 1_500_000_000)]
    [InlineData("300ms", 300_000_000)]
    [InlineData("-2m", -120_000_000_000)]
    [InlineData("10us", 10_000)]
    [InlineData("0", 0)]
    public void Durations(string text, long nanoseconds)
    {
        Assert.True(GoDuration.TryParse(text, out long parsed));
        Assert.Equal(nanoseconds, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("1x")]
    [InlineData("s")]
    [InlineData("1..5s")]
    [InlineData("99999999999h")]
    public void Other_texts_are_no_durations(string text) => Assert.False(GoDuration.TryParse(text, out _));
}
