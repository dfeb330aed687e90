using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Pipelines;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Snapshots.Tests.Bounds;

/// <summary>Who leaves takes the work along that waits in queues: a few blocks can stand for gigabytes.</summary>
public sealed class CancelTests
{
    [Fact]
    public async Task A_stream_that_is_given_up_hands_over_nothing_more()
    {
        using BlockPool pool = new();
        using CancellationTokenSource leaving = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StreamPump.FeedAsync(
            new MemoryStream(new byte[16 << 20]),
            pool,
            async queue =>
            {
                var first = await queue.TakeAsync(default);
                first!.Recycle();
                await leaving.CancelAsync();
                var next = await queue.TakeAsync(default);
                return next is null ? 0 : throw new InvalidOperationException("there was more");
            },
            leaving.Token));
    }

    [Fact]
    public async Task A_layer_that_is_given_up_is_unpacked_no_further()
    {
        using BlockPool pool = new();
        using CancellationTokenSource leaving = new();
        BlockQueue source = new(pool, 64);
        Unpacking.Fill(source, new byte[8 << 20]);
        LayerPipeline pipeline = new(source);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pipeline.RunAsync(
            input =>
            {
                input.Advance(input.Peek().Length);
                leaving.Cancel();
                for (int blocks = 0; !input.Peek().IsEmpty; blocks++)
                {
                    // One may have been taken out of the queue already.
                    if (blocks > 1)
                        throw new InvalidOperationException("there was more");
                    input.Advance(input.Peek().Length);
                }
            },
            leaving.Token));
    }

    [Fact]
    public async Task Between_two_entries_is_time_to_stop()
    {
        await using Overlay.LayerFixture fixture = new();
        using BlockPool pool = new();
        using CancellationTokenSource leaving = new();
        await leaving.CancelAsync();
        BlockQueue source = new(pool);
        Unpacking.Fill(source, new TarBuilder().File("a").Build());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.Snapshotter.StageAsync(source, leaving.Token));
        await fixture.SettleAsync();
        Assert.Equal("b1", Shell.Script("ls layers staging chains | grep -v : | grep .", fixture.Root).Trim());
    }
}
