using Hafen.Monitor.Streams;

namespace Hafen.Monitor.Tests.Streams;

public class ByteQueueTests
{
    [Fact]
    public void Bytes_come_out_in_the_order_they_went_in()
    {
        using var queue = new ByteQueue();
        var random = new Random(42);
        byte next = 0, expected = 0;
        for (int round = 0; round < 2000; round++)
        {
            byte[] add = new byte[random.Next(0, 5000)];
            for (int i = 0; i < add.Length; i++)
                add[i] = next++;
            queue.Append(add);
            int take = random.Next(0, Math.Min(queue.Length, 6000) + 1);
            foreach (byte value in queue.Bytes[..take])
                Assert.Equal(expected++, value);
            queue.Consume(take);
            if (round % 100 == 0)
                queue.Release();
        }
        while (!queue.IsEmpty)
        {
            Assert.Equal(expected++, queue.Bytes[0]);
            queue.Consume(1);
        }
        Assert.Equal(next, expected);
    }
}
