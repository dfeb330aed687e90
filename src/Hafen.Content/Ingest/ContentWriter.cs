using System.Buffers;
using System.Security.Cryptography;
using Hafen.Oci;

namespace Hafen.Content.Ingest;

/// <summary>Writes to the partial file of a blob, hashing what it writes.</summary>
internal sealed class ContentWriter : IContentWriter
{
    private readonly string _path;
    private readonly IDisposable _turn;
    private readonly Action<string, Digest> _publish;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash;
    private bool _over;
    private bool _disposed;

    private ContentWriter(string path, Digest expected, long size, IDisposable turn, Action<string, Digest> publish)
    {
        _path = path;
        Expected = expected;
        Size = size;
        _turn = turn;
        _publish = publish;
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, 0);
        _hash = IncrementalHash.CreateHash(ContentStore.AlgorithmOf(expected));
    }

    public Digest Expected { get; }

    public long Size { get; }

    public long Offset { get; private set; }

    /// <param name="path">The partial file.</param>
    /// <param name="turn">Given back at the end; the caller's when this fails.</param>
    /// <param name="publish">Makes a blob of a file that is whole.</param>
    public static async Task<ContentWriter> OpenAsync(
        string path, Digest expected, long size, IDisposable turn, Action<string, Digest> publish, CancellationToken cancellationToken)
    {
        ContentWriter writer = new(path, expected, size, turn, publish);
        try
        {
            await writer.ResumeAsync(cancellationToken);
            return writer;
        }
        catch
        {
            writer._hash.Dispose();
            await writer._file.DisposeAsync();
            throw;
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        RequireUsable();
        if (bytes.Length > Size - Offset)
        {
            long found = Offset + bytes.Length;
            Abort();
            throw new SizeMismatchException(Expected, Size, found);
        }

        // Until the bytes are counted, nobody knows how many of them are on the disk.
        _over = true;
        await _file.WriteAsync(bytes, cancellationToken);
        _hash.AppendData(bytes.Span);
        Offset += bytes.Length;
        _over = false;
    }

    public void Restart()
    {
        RequireUsable();
        _file.SetLength(0);
        _file.Position = 0;
        _hash.GetHashAndReset();
        Offset = 0;
    }

    public Task CommitAsync(CancellationToken cancellationToken)
    {
        RequireUsable();
        cancellationToken.ThrowIfCancellationRequested();
        if (Offset != Size)
            throw new SizeMismatchException(Expected, Size, Offset);
        _over = true;
        var found = ContentStore.DigestOf(Expected, _hash);
        if (found != Expected)
        {
            File.Delete(_path);
            throw new DigestMismatchException(Expected, found);
        }

        _file.Flush(flushToDisk: true);
        _publish(_path, Expected);
        return Task.CompletedTask;
    }

    public void Abort()
    {
        RequireUsable();
        _over = true;
        File.Delete(_path);
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _hash.Dispose();
        _file.Dispose();
        // Nothing came, so there is nothing to go on with.
        if (!_over && Offset == 0)
            File.Delete(_path);
        _turn.Dispose();
    }

    /// <summary>Takes the bytes that are there into the digest. Ones that a power cut has spoiled are noticed at the commit, and everything is fetched anew.</summary>
    private async Task ResumeAsync(CancellationToken cancellationToken)
    {
        if (_file.Length > Size)
            _file.SetLength(0);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            while (await _file.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                _hash.AppendData(buffer, 0, count);
                Offset += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void RequireUsable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_over)
            throw new InvalidOperationException($"the writer of {Expected} is at its end");
    }
}
