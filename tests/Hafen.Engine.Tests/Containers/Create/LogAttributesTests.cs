using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Tests.Fakes;
using Hafen.Errors;
using Hafen.Logging;

namespace Hafen.Engine.Tests.Containers.Create;

/// <summary>Labels and variables that a log carries with each line.</summary>
public sealed class LogAttributesTests : IAsyncLifetime
{
    private static readonly HostConfig s_labels = new() { LogConfig = new LogConfig { Type = "json-file", Config = new() { ["labels"] = "big" } } };

    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task Large_ones_are_taken()
    {
        string id = await _test.CreateAsync(s_labels, more: r => r with { Labels = new() { ["big"] = new string('x', 1 << 20) } });
        await _test.StartAsync(id);
        Assert.Equal("running", _test.Status(id));
    }

    [Fact]
    public async Task Larger_ones_than_a_log_can_carry_are_refused_before_anything_is_made()
    {
        var error = await Assert.ThrowsAsync<LogException>(
            () => _test.CreateAsync(s_labels, more: r => r with { Labels = new() { ["big"] = new string('x', 8 << 20) } }));
        Assert.Equal(ErrorKind.InvalidParameter, error.Kind);
        Assert.Contains("have 8388618 bytes", error.Message, StringComparison.Ordinal);
        Assert.Empty(_test.Store.All);
        Assert.Empty(_test.Snapshots.Existing);

        // Labels that the log does not carry may be of any size.
        await _test.CreateAsync(more: r => r with { Labels = new() { ["big"] = new string('x', 8 << 20) } });
    }
}
