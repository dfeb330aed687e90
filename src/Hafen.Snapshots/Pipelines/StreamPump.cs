namespace Hafen.Snapshots.Pipelines;

/// <summary>Moves bytes between streams and queues.</summary>
public static class StreamPump
{
    /// <summary>
    /// Lets <paramref name="consume"/> read a stream through a queue. When it fails the stream is read no further, even if it just waits for more.
    /// </summary>
    public static async Task<T> FeedAsync<T>(Stream source, BlockPool pool, Func<BlockQueue, Task<T>> consume, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        BlockQueue queue = new(pool);
        // What waits in the queue is not worth the work any more, and the pump may be waiting for room in it.
        using var abort = cancellationToken.UnsafeRegister(_ => queue.Abort(new OperationCanceledException(cancellationToken)), null);
        var pump = FillAsync(source, queue, stop.Token);
        try
        {
            return await consume(queue);
        }
        catch (Exception exception)
        {
            queue.Abort(exception);
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            await pump;
        }
    }

    /// <summary>Reads a stream to its end into a queue and completes it. Ends quietly when the consumer gives up: the consumer knows why.</summary>
    public static async Task FillAsync(Stream source, BlockQueue queue, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var block = queue.Pool.Rent();
                try
                {
                    // A pipe gives a few KiB at a time; a block is worth handing over when it is well filled.
                    int count;
                    do
                    {
                        count = await source.ReadAsync(block.FreeMemory, cancellationToken);
                        block.Length += count;
                    }
                    while (count > 0 && block.Length < Block.Capacity / 2);

                    if (block.Length == 0)
                    {
                        block.Recycle();
                        break;
                    }

                    if (count == 0)
                    {
                        await queue.AddAsync(block);
                        break;
                    }
                }
                catch (Exception exception) when (exception is not PipelineAbortedException)
                {
                    block.Recycle();
                    throw;
                }

                await queue.AddAsync(block);
            }

            queue.Complete();
        }
        catch (PipelineAbortedException)
        {
        }
        catch (Exception exception)
        {
            queue.Complete(exception);
        }
    }

    /// <summary>Writes a queue's bytes to a stream.</summary>
    public static async Task DrainAsync(BlockQueue queue, Stream target, CancellationToken cancellationToken)
    {
        try
        {
            while (await queue.TakeAsync(cancellationToken) is { } block)
            {
                try
                {
                    await target.WriteAsync(block.FilledMemory, cancellationToken);
                }
                finally
                {
                    block.Recycle();
                }
            }
        }
        catch (Exception exception)
        {
            queue.Abort(exception);
            throw;
        }
    }
}
