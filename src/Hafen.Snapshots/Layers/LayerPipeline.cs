using System.Security.Cryptography;
using Hafen.Linux;
using Hafen.Oci;
using Hafen.Snapshots.Pipelines;

namespace Hafen.Snapshots.Layers;

/// <summary>
/// The way of a layer's bytes: decompress → hash → unpack, each on a thread of its own. A stage that fails aborts the queue before it and completes the
/// one behind it with the error, so all of them end, and the last one throws what happened first.
/// </summary>
internal sealed class LayerPipeline(BlockQueue source)
{
    public Digest DiffId { get; private set; }

    public Digest BlobDigest { get; private set; }

    public long TarSize { get; private set; }

    /// <summary>
    /// Runs all stages; <paramref name="unpack"/> reads the plain tar. Cancelling drops what waits between them: a few blocks can stand for gigabytes.
    /// </summary>
    public async Task RunAsync(Action<BlockInput> unpack, CancellationToken cancellationToken)
    {
        BlockQueue plain = new(source.Pool);
        using var abort = cancellationToken.UnsafeRegister(
            _ =>
            {
                OperationCanceledException reason = new(cancellationToken);
                source.Abort(reason);
                plain.Abort(reason);
            },
            null);
        var first = Stage.Run(() => Intake(plain), "layer intake");
        var last = Stage.Run(() => Unpack(plain, unpack), "layer unpack");
        try
        {
            await last;
        }
        finally
        {
            // It cannot hang: its output was read to the end or aborted. What it has to say, the last stage has said.
            await first.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private void Unpack(BlockQueue plain, Action<BlockInput> unpack)
    {
        using BlockInput input = new(plain);
        try
        {
            unpack(input);
        }
        catch (Exception exception)
        {
            plain.Abort(exception);
            // The stages before may be waiting for a sender that has nothing to say.
            source.Abort(exception);
            throw;
        }
    }

    private void Intake(BlockQueue plain)
    {
        using BlockInput input = new(source);
        try
        {
            var kind = Decompression.Detect(input.Peek());
            if (kind == CompressionKind.None)
            {
                DiffId = Hash(input, plain);
                BlobDigest = DiffId;
            }
            else
            {
                Decompress(kind, input, plain);
            }

            plain.Complete();
        }
        catch (PipelineAbortedException exception)
        {
            source.Abort(exception.InnerException ?? exception);
        }
        catch (Exception exception)
        {
            source.Abort(exception);
            plain.Complete(exception);
        }
    }

    private void Decompress(CompressionKind kind, BlockInput input, BlockQueue plain)
    {
        BlockQueue decompressed = new(source.Pool);
        using var blob = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var decompression = Stage.Run(
            () =>
            {
                try
                {
                    Decompression.Run(kind, input, decompressed, blob.AppendData);
                    // Bytes behind the compressed data belong to the blob and its digest.
                    for (var rest = input.Peek(); !rest.IsEmpty; rest = input.Peek())
                    {
                        blob.AppendData(rest);
                        input.Advance(rest.Length);
                    }

                    decompressed.Complete();
                }
                catch (Exception exception)
                {
                    decompressed.Complete(exception);
                }
            },
            "layer decompression");
        try
        {
            using BlockInput tar = new(decompressed);
            DiffId = Hash(tar, plain);
        }
        catch (Exception exception)
        {
            decompressed.Abort(exception);
            throw;
        }
        finally
        {
            decompression.Wait();
        }

        BlobDigest = Digest.FromSha256(blob.GetHashAndReset());
    }

    private Digest Hash(BlockInput input, BlockQueue output)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (input.TakeBlock() is { } block)
        {
            hash.AppendData(block.Filled);
            TarSize += block.Length;
            output.Add(block);
        }

        return Digest.FromSha256(hash.GetHashAndReset());
    }

    /// <summary>Turns what a stage threw into what the caller is told.</summary>
    public static Exception Explain(Exception error) => error switch
    {
        LayerException or LinuxException or OperationCanceledException => error,
        PipelineAbortedException { InnerException: { } inner } => Explain(inner),
        // On Linux the HResult of a failed call is its errno.
        IOException { HResult: Errno.ENOSPC or Errno.EDQUOT or Errno.EIO } => new LinuxException(error.HResult, "write", "the layer"),
        _ => new LayerException($"the layer cannot be read: {error.Message}", error),
    };
}
