using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Netlink;

namespace Hafen.Networking.Kernel;

/// <summary>
/// The host's network stack: the sockets by which it is changed, and the turns in which that happens. One exchange with the kernel at a time: its own lock
/// admits no more, and waiters here hold no thread.
/// </summary>
public sealed class HostStack : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private NetlinkSocket? _socket;
    private NetlinkSocket? _netfilter;
    private bool _disposed;

    /// <summary>For links, addresses and routes.</summary>
    public NetlinkSocket Socket => _socket ?? throw new InvalidOperationException("the networks are not open");

    /// <summary>For firewall tables; null when there are none of ours.</summary>
    public NetlinkSocket? Netfilter => _netfilter;

    /// <summary>Opens the sockets, in the network namespace of the calling thread. Called in turn.</summary>
    /// <param name="netfilter">Firewall tables are wanted, too.</param>
    public void Open(bool netfilter)
    {
        _socket ??= NetlinkSocket.Open();
        if (netfilter)
            _netfilter ??= NetlinkSocket.OpenNetfilter();
    }

    /// <inheritdoc cref="InTurnAsync{T}"/>
    public Task InTurnAsync(string doing, Action work, CancellationToken cancellationToken) => InTurnAsync(doing, () =>
    {
        work();
        return true;
    }, cancellationToken);

    /// <summary>Waits for a turn and does the work in it, with the calling thread as far as that is possible.</summary>
    /// <param name="doing">What has failed when the kernel refuses: the beginning of a sentence that ends with its reason.</param>
    /// <param name="work">Short and synchronous.</param>
    /// <exception cref="NetworkException">The kernel refused.</exception>
    public async Task<T> InTurnAsync<T>(string doing, Func<T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return work();
        }
        catch (Exception exception) when (exception is NetlinkException or LinuxException)
        {
            throw new NetworkException(ErrorKind.System, $"{doing}: {exception.Message}", exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The same for a thread of its own, which waits.</summary>
    public void InTurn(Action work)
    {
        _turn.Wait();
        try
        {
            if (!_disposed)
                work();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>After whoever takes turns has ended.</summary>
    public void Dispose()
    {
        _disposed = true;
        _socket?.Dispose();
        _netfilter?.Dispose();
        _turn.Dispose();
    }
}
