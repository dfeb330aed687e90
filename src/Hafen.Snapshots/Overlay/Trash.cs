using System.Globalization;
using System.Threading.Channels;
using Hafen.Linux;
using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Overlay;

/// <summary>
/// Where removed things go: one rename takes them out of sight at once, and a loop of our own deletes them. What a crash leaves is deleted at the next start.
/// </summary>
internal sealed class Trash : IAsyncDisposable
{
    // A daemon that ends waits for the small and leaves the large to the next start.
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(2);

    private readonly int _folder;
    private readonly Channel<string> _pending = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private long _serial = DateTime.UtcNow.Ticks;

    /// <param name="folder">Descriptor of the trash folder; owned from here on.</param>
    public Trash(int folder)
    {
        _folder = folder;
        foreach (var left in DirectoryEntries.Read(folder))
            _pending.Writer.TryWrite(left.Name);
        _loop = Task.Run(DeleteAsync);
    }

    /// <summary>Takes a name out of its folder for deletion; one that is not there is fine.</summary>
    /// <exception cref="LinuxException">It cannot be moved.</exception>
    public void Throw(int directory, string name)
    {
        string id = Interlocked.Increment(ref _serial).ToString("x", CultureInfo.InvariantCulture);
        int result = TreeCalls.Rename(directory, name, _folder, id);
        if (result == -Errno.ENOENT)
            return;
        TreeCalls.Check(result, "rename", name);
        _pending.Writer.TryWrite(id);
    }

    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        _stop.CancelAfter(s_stopLimit);
        await _loop;
        _stop.Dispose();
        _ = TreeCalls.Close(_folder);
    }

    private async Task DeleteAsync()
    {
        await foreach (string name in _pending.Reader.ReadAllAsync())
        {
            try
            {
                RemoveTree.Remove(_folder, name, _stop.Token);
            }
            catch (Exception exception) when (exception is LinuxException or OperationCanceledException)
            {
                // It stays in the trash, where it disturbs nobody; the next start tries again.
            }
        }
    }
}
