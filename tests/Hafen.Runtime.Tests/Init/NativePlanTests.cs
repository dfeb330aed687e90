using System.Text;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Tests.Init;

public unsafe class NativePlanTests
{
    [Fact]
    public void A_plan_in_native_memory_says_what_was_planned()
    {
        using var plan = new NativePlan(
        [
            new PlannedStep(StepCode.HostName, "a") { Text = "höst", Value = 7, Other = -1, Number = 3, Descriptor = 9 },
            new PlannedStep(StepCode.Execute, "b") { Strings = ["x", null, ""], Environment = ["E=1"], Data = [1, 2, 3] },
        ]);
        Assert.Equal(2, plan.Count);
        var first = plan.Steps[0];
        Assert.Equal((StepCode.HostName, 7L, -1L, 3, 9), (first.Code, first.Value, first.Other, first.Number, first.Descriptor));
        Assert.Equal("höst", Text(first.Text));
        Assert.True(first.Strings == null && first.Data == null);

        var second = plan.Steps[1];
        Assert.Equal(3, second.StringCount);
        Assert.Equal("x", Text(second.Strings[0]));
        Assert.True(second.Strings[1] == null);
        Assert.Equal("", Text(second.Strings[2]));
        Assert.True(second.Strings[3] == null);
        Assert.Equal("E=1", Text(second.Environment[0]));
        Assert.True(second.Environment[1] == null);
        Assert.Equal([1, 2, 3], new ReadOnlySpan<byte>(second.Data, (int)second.DataLength).ToArray());
    }

    [Theory]
    [InlineData(0, 10, "0")]
    [InlineData(1234567890123, 10, "1234567890123")]
    [InlineData(0x1ED, 8, "755")]
    public void Numbers_are_written_without_allocating(long number, int radix, string expected)
    {
        byte* buffer = stackalloc byte[32];
        Assert.Equal(expected.Length, NativeText.WriteNumber(buffer, number, radix));
        Assert.Equal(expected, Text(buffer));
    }

    [Fact]
    public void The_child_keeps_the_descriptors_of_its_steps_and_no_others()
    {
        using var plan = new NativePlan(
        [
            new PlannedStep(StepCode.JoinCgroup, "a") { Descriptor = 9 },
            new PlannedStep(StepCode.MakeNode, "b") { Descriptor = 5, Number = 6 },
            new PlannedStep(StepCode.StandardStreams, "c") { Value = 20, Other = -1, Number = 21 },
        ]);
        int* kept = plan.Descriptors([0, 1, 2, 7], out int count);
        Assert.Equal([0, 1, 2, 7, 9, 20, 21], new ReadOnlySpan<int>(kept, count).ToArray());
    }

    private static string Text(byte* text) => Encoding.UTF8.GetString(new ReadOnlySpan<byte>(text, NativeText.Length(text)));
}
