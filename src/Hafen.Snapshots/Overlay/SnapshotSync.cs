using System.Threading.Channels;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Overlay;

/// <summary>
/// Makes new snapshots durable without anybody waiting (docs/decisions/0011): they are empty when they are made, and on most file systems the next fsync of the
/// container's own record takes them along anyway.
/// </summary>
internal sealed class SnapshotSync : IAsyncDisposable
{
    private readonly int _snapshots;
    private readonly Channel<string> _pending = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _loop;

    /// <param name="snapshots">Descriptor of the folder of snapshots; stays the caller's.</param>
    public SnapshotSync(int snapshots)
    {
        _snapshots = snapshots;
        _loop = Task.Run(SyncAsync);
    }

    public void Add(string key) => _pending.Writer.TryWrite(key);

    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        await _loop;
    }

    private async Task SyncAsync()
    {
        await foreach (string key in _pending.Reader.ReadAllAsync())
        {
            int folder = TreeCalls.Open(_snapshots, key, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW);
            // Removed again meanwhile.
            if (folder < 0)
                continue;
            _ = TreeCalls.Sync(folder);
            _ = TreeCalls.Close(folder);
        }
    }
}
