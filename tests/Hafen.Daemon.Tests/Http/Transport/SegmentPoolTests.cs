using Hafen.Daemon.Http.Transport;

namespace Hafen.Daemon.Tests.Http.Transport;

public sealed class SegmentPoolTests
{
    [Fact]
    public async Task A_body_of_any_length_takes_the_memory_of_a_megabyte()
    {
        SegmentPool pool = new();
        HashSet<object> arrays = new(ReferenceEqualityComparer.Instance);
        for (int round = 0; round < 20; round++)
        {
            var segments = Enumerable.Range(0, 64).Select(_ => pool.Rent()).ToList();
            foreach (var segment in segments)
            {
                Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray<byte>(segment.Memory, out var bytes));
                Assert.Equal(16 * 1024, bytes.Count);
                arrays.Add(bytes.Array!);
            }

            // Given back by another thread, as pipes do it.
            await Task.Run(() => segments.ForEach(segment => segment.Dispose()), TestContext.Current.CancellationToken);
        }

        Assert.Equal(64, arrays.Count);
    }

    [Fact]
    public void A_segment_is_given_back_once_and_large_ones_are_large()
    {
        SegmentPool pool = new();
        var first = pool.Rent(1);
        first.Dispose();
        first.Dispose();
        Assert.Throws<ObjectDisposedException>(() => first.Memory);
        var second = pool.Rent();
        var third = pool.Rent();
        Assert.False(second.Memory.Equals(third.Memory));
        Assert.True(pool.Rent(100_000).Memory.Length >= 100_000);
    }
}
