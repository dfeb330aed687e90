using System.Threading.Channels;
using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Overlay;

/// <summary>
/// Makes committed layers durable without anybody waiting (docs/decisions/0011). A layer carries a mark from its commit until its files are on the disk; a
/// mark of another boot says that the machine may have gone down before that, and that the layer has to prove itself.
/// </summary>
internal sealed class LayerSync : IAsyncDisposable
{
    /// <summary>File in a layer's chain folder; its content is the kernel's boot ID.</summary>
    public const string Mark = "unsynced";

    // Several loads in a row are written out at once, and none of them while the next is at work.
    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(1);

    private readonly int _chains;
    private readonly Channel<string> _pending = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <param name="chains">Descriptor of the folder of chains; stays the caller's.</param>
    public LayerSync(int chains)
    {
        _chains = chains;
        _loop = Task.Run(SyncAsync);
    }

    /// <summary>Identifies this run of the kernel.</summary>
    public static string BootId { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Takes a marked layer, by the name of its chain folder.</summary>
    public void Add(string chain) => _pending.Writer.TryWrite(chain);

    /// <summary>Stops; what keeps its mark is found by the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task SyncAsync()
    {
        try
        {
            while (await _pending.Reader.WaitToReadAsync(_stop.Token))
            {
                await Task.Delay(s_delay, _stop.Token);
                List<string> chains = [];
                while (_pending.Reader.TryRead(out string? chain))
                    chains.Add(chain);
                // With an error the marks stay, and after a crash the layers are looked at.
                if (TreeCalls.SyncFileSystem(_chains) < 0)
                    continue;
                foreach (string chain in chains)
                    TreeCalls.Unlink(_chains, $"{chain}/{Mark}");
            }
        }
        catch (OperationCanceledException)
        {
            // The store is closed.
        }
    }
}
