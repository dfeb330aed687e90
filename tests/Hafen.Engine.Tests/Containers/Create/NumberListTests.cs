using Hafen.Engine.Containers.Create;

namespace Hafen.Engine.Tests.Containers.Create;

public sealed class NumberListTests
{
    [Theory]
    [InlineData("0", "0-3", true)]
    [InlineData("0-3", "0-1,2-3", true)]
    [InlineData("1-2", "2-3,0-1", true)]
    [InlineData("0-3", "0-1,3", false)]
    [InlineData("4", "0-3", false)]
    [InlineData("7", "", true)]
    public void What_is_asked_for_is_there_or_not(string requested, string available, bool expected)
    {
        Assert.Equal(expected, NumberList.IsAvailable(requested, available, out string? problem));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("0,")]
    [InlineData("1-0")]
    [InlineData("-1")]
    [InlineData(" 0")]
    [InlineData("0x1")]
    [InlineData("0-1:1/2")]
    public void What_is_no_list_is_told(string requested)
    {
        Assert.False(NumberList.IsAvailable(requested, "0-3", out string? problem));
        Assert.Equal($"invalid format: {requested}", problem);
    }

    /// <summary>CVE-2018-20699: a list must not be spelled out number by number.</summary>
    [Fact]
    public void Long_ranges_cost_nothing()
    {
        Assert.False(NumberList.IsAvailable("0-9223372036854775807", "0-3", out string? problem));
        Assert.Equal("value of out range, maximum is 8192", problem);
        string many = string.Join(',', Enumerable.Repeat("0-8192", 20_000));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(NumberList.IsAvailable(many, "0-8192", out _));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 8_000_000);
    }
}
