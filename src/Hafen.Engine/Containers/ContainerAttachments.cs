using Hafen.Engine.Monitors;

namespace Hafen.Engine.Containers;

/// <summary>
/// Clients that attached before there was a process (<c>docker run</c> attaches, then starts): kept until the monitor exists,
/// which then owns their sockets.
/// </summary>
/// <param name="arrival">How long a start waits for the sockets of clients that have a place: longer than it takes to send one the head of its stream.</param>
/// <param name="clock">What that is measured by.</param>
internal sealed class ContainerAttachments(TimeSpan arrival, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private List<AttachmentPlace> _pending = [];
    private IMonitor? _live;

    public ContainerAttachments() : this(TimeSpan.FromSeconds(5), TimeProvider.System) { }

    /// <summary>
    /// Takes a place for a client whose socket is still on its way, so that a start in between waits for it; null when there is a process already.
    /// To be filled by <see cref="AddAsync"/> or left by <see cref="Leave"/>.
    /// </summary>
    public AttachmentPlace? Reserve()
    {
        lock (_lock)
        {
            if (_live is not null)
                return null;
            var place = new AttachmentPlace();
            _pending.Add(place);
            return place;
        }
    }

    /// <summary>Gives a place back that was not filled.</summary>
    public void Leave(AttachmentPlace place)
    {
        lock (_lock)
            _pending.Remove(place);
        place.GiveUp();
    }

    /// <summary>Takes ownership of the client's socket.</summary>
    /// <param name="place">Where it waits for a start; null for whatever there is now.</param>
    public Task AddAsync(AttachmentPlace? place, AttachedClient client, CancellationToken cancellationToken)
    {
        IMonitor? live = null;
        if (place is null)
        {
            lock (_lock)
            {
                live = _live;
                if (live is null)
                    _pending.Add(place = new AttachmentPlace());
            }
        }
        if (live is not null)
            return HandOverAsync(live, client, cancellationToken);
        place!.Give(client);
        return Task.CompletedTask;
    }

    /// <summary>Hands those who wait to the monitor; whoever comes later goes to it directly. However many there are, they hold a start up for one limit.</summary>
    public async Task GoLiveAsync(IMonitor monitor, CancellationToken cancellationToken)
    {
        long begun = clock.GetTimestamp();
        while (true)
        {
            List<AttachmentPlace> batch;
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
                    var left = arrival - clock.GetElapsedTime(begun);
                    var client = await batch[i].Arrived.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, cancellationToken);
                    if (client is not null)
                        await HandOverAsync(monitor, client, cancellationToken);
                }
                catch (TimeoutException)
                {
                    batch[i].GiveUp();
                }
                catch (MonitorException)
                {
                    // A client that has gone meanwhile must not keep the container from starting.
                }
                catch
                {
                    // The monitor is lost, and the start with it: the others would wait for ever.
                    foreach (var place in batch[i..])
                        place.GiveUp();
                    throw;
                }
            }
        }
    }

    /// <summary>There is a process already, found by this daemon at its start: nobody can have come before it.</summary>
    public void BeginLive(IMonitor monitor)
    {
        lock (_lock)
            _live = monitor;
    }

    /// <summary>The process has ended: the next ones wait for the next start.</summary>
    public void EndLive()
    {
        lock (_lock)
            _live = null;
    }

    /// <summary>There will be no process: those who wait see the end of their stream.</summary>
    public void Drop()
    {
        List<AttachmentPlace> all;
        lock (_lock)
        {
            all = _pending;
            _pending = [];
            _live = null;
        }
        foreach (var place in all)
            place.GiveUp();
    }

    private static async Task HandOverAsync(IMonitor monitor, AttachedClient client, CancellationToken cancellationToken)
    {
        using (client.Client)
            await monitor.AttachAsync(client.Request, client.Client, cancellationToken);
    }
}
