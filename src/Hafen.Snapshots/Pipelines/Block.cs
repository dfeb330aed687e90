using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hafen.Linux.Descriptors;

namespace Hafen.Snapshots.Pipelines;

/// <summary>
/// A piece of a stream on its way between threads, in memory of the kernel's: an idle daemon keeps nothing of a large load.
/// One owner at a time; the last one disposes it.
/// </summary>
public sealed unsafe class Block : MemoryManager<byte>
{
    /// <summary>Bytes a block can hold.</summary>
    public const int Capacity = 256 * 1024;

    private readonly BlockPool _pool;
    private readonly MappedMemory _memory = new(Capacity);
    private byte* _data;

    internal Block(BlockPool pool)
    {
        _pool = pool;
        _data = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_memory.Span));
    }

    /// <summary>Bytes filled.</summary>
    public int Length { get; set; }

    /// <summary>The filled part.</summary>
    public ReadOnlySpan<byte> Filled => new(_data, Length);

    /// <summary>The part behind the filled one.</summary>
    public Span<byte> Free => new(_data + Length, Capacity - Length);

    /// <summary>As <see cref="Free"/>, for asynchronous reads.</summary>
    public Memory<byte> FreeMemory => Memory[Length..];

    /// <summary>The filled part, for asynchronous writes.</summary>
    public ReadOnlyMemory<byte> FilledMemory => Memory[..Length];

    public override Span<byte> GetSpan() => new(_data, Capacity);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_data + elementIndex);

    public override void Unpin()
    {
    }

    /// <summary>Gives the block back.</summary>
    public void Recycle() => _pool.Return(this);

    internal void Release()
    {
        _data = null;
        _memory.Dispose();
    }

    protected override void Dispose(bool disposing)
    {
        if (_data != null)
            _pool.Return(this);
    }
}

/// <summary>Blocks of one operation; disposed with it.</summary>
public sealed class BlockPool : IDisposable
{
    private readonly ConcurrentBag<Block> _free = [];
    private volatile bool _disposed;

    public Block Rent() => _free.TryTake(out var block) ? block : new Block(this);

    internal void Return(Block block)
    {
        block.Length = 0;
        if (_disposed)
            block.Release();
        else
            _free.Add(block);
    }

    public void Dispose()
    {
        _disposed = true;
        while (_free.TryTake(out var block))
            block.Release();
    }
}
