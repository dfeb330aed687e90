using System.Diagnostics;
using Hafen.Snapshots.Tests.Overlay;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Snapshots.Tests.Bounds;

public sealed class UnreadDiffTests
{
    /// <summary>The pool has as many threads as the machine has processors, and answers all requests.</summary>
    [Fact]
    public async Task Readers_that_do_not_read_hold_no_thread_of_the_pool()
    {
        await using LayerFixture fixture = new();
        var chain = await fixture.ApplyAsync(new TarBuilder().File("large", new string('x', 8 << 20)).Build());
        using CancellationTokenSource stop = new();
        Task[] diffs = [.. Enumerable.Range(0, 60).Select(_ => fixture.Snapshotter.WriteDiffAsync(chain, new UnreadStream(), stop.Token))];
        try
        {
            var watch = Stopwatch.StartNew();
            for (int i = 0; i < 5; i++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
                await Task.Run(static () => { }, TestContext.Current.CancellationToken);
            }
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var diff in diffs)
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => diff);
        }
    }

    /// <summary>A client whose socket is full.</summary>
    private sealed class UnreadStream : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            => await Task.Delay(Timeout.Infinite, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
