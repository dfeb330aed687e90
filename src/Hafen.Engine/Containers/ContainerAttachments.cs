using System.Runtime.InteropServices;
using Hafen.Engine.Monitors;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Containers;

/// <summary>
/// Clients that attached before there was a process (<c>docker run</c> attaches, then starts): kept until the monitor exists,
/// which then owns their sockets.
/// </summary>
internal sealed class ContainerAttachments
{
    private readonly Lock _lock = new();
    private List<Pending> _pending = [];
    private IMonitor? _live;

    /// <summary>Takes ownership of <paramref name="client"/>.</summary>
    public Task AddAsync(MonitorAttach request, SafeHandle client, CancellationToken cancellationToken)
    {
        IMonitor? live;
        lock (_lock)
        {
            live = _live;
            if (live is null)
            {
                _pending.Add(new Pending(request, client));
                return Task.CompletedTask;
            }
        }
        return HandOverAsync(live, new Pending(request, client), cancellationToken);
    }

    /// <summary>Hands those who wait to the monitor; whoever comes later goes to it directly.</summary>
    public async Task GoLiveAsync(IMonitor monitor, CancellationToken cancellationToken)
    {
        while (true)
        {
            List<Pending> batch;
            lock (_lock)
            {
                if (_pending.Count == 0)
                {
                    _live = monitor;
                    return;
                }
                batch = _pending;
                _pending = [];
            }
            for (int i = 0; i < batch.Count; i++)
            {
                try
                {
                    await HandOverAsync(monitor, batch[i], cancellationToken).ConfigureAwait(false);
                }
                catch (MonitorException)
                {
                    // A client that has gone meanwhile must not keep the container from starting.
                }
                catch
                {
                    // The monitor is lost, and the start with it: the others would wait for ever.
                    foreach (var pending in batch[(i + 1)..]) pending.Client.Dispose();
                    throw;
                }
            }
        }
    }

    /// <summary>There is a process already, found by this daemon at its start: nobody can have come before it.</summary>
    public void BeginLive(IMonitor monitor)
    {
        lock (_lock) _live = monitor;
    }

    /// <summary>The process has ended: the next ones wait for the next start.</summary>
    public void EndLive()
    {
        lock (_lock) _live = null;
    }

    /// <summary>There will be no process: those who wait see the end of their stream.</summary>
    public void Drop()
    {
        List<Pending> all;
        lock (_lock)
        {
            all = _pending;
            _pending = [];
            _live = null;
        }
        foreach (var pending in all) pending.Client.Dispose();
    }

    private static async Task HandOverAsync(IMonitor monitor, Pending pending, CancellationToken cancellationToken)
    {
        using (pending.Client) await monitor.AttachAsync(pending.Request, pending.Client, cancellationToken).ConfigureAwait(false);
    }

    private readonly record struct Pending(MonitorAttach Request, SafeHandle Client);
}
