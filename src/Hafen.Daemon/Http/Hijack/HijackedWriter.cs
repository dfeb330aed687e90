using System.Buffers;
using System.IO.Pipelines;

namespace Hafen.Daemon.Http.Hijack;

/// <summary>
/// Writes into a socket that was taken, for who writes into an answer otherwise. What was written leaves with each flush; a client that does not read makes that wait.
/// </summary>
/// <param name="client">Stays the caller's.</param>
internal sealed class HijackedWriter(HijackedSocket client) : PipeWriter
{
    private const int Size = 64 * 1024;
    private byte[] _bytes = [];
    private int _count;

    public override void Advance(int bytes) => _count += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        int wanted = Math.Max(sizeHint, 1);
        if (_bytes.Length - _count < wanted)
            Grow(_count + wanted);
        return _bytes.AsMemory(_count);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <exception cref="IOException">The client is gone.</exception>
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        await client.WriteAsync(_bytes.AsMemory(0, _count), cancellationToken);
        Release();
        return default;
    }

    /// <summary>Only a token calls a flush off.</summary>
    public override void CancelPendingFlush() => throw new NotSupportedException();

    /// <summary>Forgets what was not flushed.</summary>
    public override void Complete(Exception? exception = null) => Release();

    private void Grow(int size)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, Size));
        _bytes.AsSpan(0, _count).CopyTo(larger);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }

    private void Release()
    {
        _count = 0;
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
