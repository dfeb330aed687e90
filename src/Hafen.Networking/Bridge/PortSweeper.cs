namespace Hafen.Networking.Bridge;

/// <summary>
/// Removes ports that outlive their container. Usually the kernel takes them away together with the network namespace a moment after the
/// container's end; asking it to hurry costs tens of milliseconds and its global lock. Only what is left after a while, because something
/// else holds the namespace, is removed by hand.
/// </summary>
public sealed class PortSweeper(Func<IReadOnlyList<string>, CancellationToken, Task> remove) : IAsyncDisposable
{
    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private List<string> _waiting = [];
    private Task _work = Task.CompletedTask;

    public void Add(string port)
    {
        lock (_lock)
        {
            _waiting.Add(port);
            if (_waiting.Count == 1 && !_stop.IsCancellationRequested)
                _work = SweepAsync(_work);
        }
    }

    /// <summary>Stops; ports not swept yet are found by the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        Task work;
        lock (_lock)
        {
            if (_stop.IsCancellationRequested)
                return;
            _stop.Cancel();
            work = _work;
        }
        await work;
        _stop.Dispose();
    }

    private async Task SweepAsync(Task former)
    {
        await former;
        try
        {
            await Task.Delay(s_delay, _stop.Token);
            List<string> ports;
            lock (_lock)
            {
                ports = _waiting;
                _waiting = [];
            }
            await remove(ports, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }
}
