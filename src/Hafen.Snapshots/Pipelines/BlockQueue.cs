using System.Threading.Channels;

namespace Hafen.Snapshots.Pipelines;

/// <summary>
/// A bounded queue of blocks between one producer and one consumer. The producer completes it, with the error that stopped it if there was one,
/// and the consumer sees that error behind the last block; a consumer that gives up aborts it, and the producer sees why.
/// </summary>
public sealed class BlockQueue
{
    private readonly Channel<Block> _channel;

    /// <param name="pool">Where its blocks come from.</param>
    /// <param name="capacity">Blocks that may wait.</param>
    public BlockQueue(BlockPool pool, int capacity = 16)
    {
        Pool = pool;
        _channel = Channel.CreateBounded<Block>(new BoundedChannelOptions(capacity) { SingleWriter = true });
    }

    public BlockPool Pool { get; }

    /// <summary>Hands a block over; waits while the queue is full.</summary>
    /// <exception cref="PipelineAbortedException">The consumer gave up; the block was recycled.</exception>
    public async ValueTask AddAsync(Block block)
    {
        try
        {
            await _channel.Writer.WriteAsync(block);
        }
        catch (ChannelClosedException exception)
        {
            block.Recycle();
            throw new PipelineAbortedException(exception.InnerException);
        }
    }

    /// <summary>As <see cref="AddAsync"/>, blocking the thread.</summary>
    public void Add(Block block)
    {
        var pending = AddAsync(block);
        if (pending.IsCompleted)
            pending.GetAwaiter().GetResult();
        else
            pending.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>No block follows.</summary>
    public void Complete(Exception? error = null) => _channel.Writer.TryComplete(error);

    /// <summary>The next block, blocking the thread; null at the end.</summary>
    public Block? Take()
    {
        while (true)
        {
            if (_channel.Reader.TryRead(out var block))
                return block;
            var waiting = _channel.Reader.WaitToReadAsync();
            bool more = waiting.IsCompleted ? waiting.GetAwaiter().GetResult() : waiting.AsTask().GetAwaiter().GetResult();
            if (!more)
                return null;
        }
    }

    /// <summary>The next block; null at the end.</summary>
    public async ValueTask<Block?> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_channel.Reader.TryRead(out var block))
                return block;
            if (!await _channel.Reader.WaitToReadAsync(cancellationToken))
                return null;
        }
    }

    /// <summary>The consumer takes no more.</summary>
    public void Abort(Exception reason)
    {
        _channel.Writer.TryComplete(reason);
        while (_channel.Reader.TryRead(out var block))
            block.Recycle();
    }
}

/// <summary>The consumer of a queue gave up; the reason is the inner exception.</summary>
public sealed class PipelineAbortedException(Exception? reason) : Exception("the consumer gave up", reason);
