using Hafen.Linux.Netlink;

namespace Hafen.Networking.Firewall;

/// <summary>
/// Notices that our table, or something in it, is removed: "nft flush ruleset" is how some firewalls begin. It waits in a thread of its own, which lives in
/// the network namespace of the thread that started it, as whatever repairs the rules must.
/// </summary>
internal sealed class FirewallWatch : IDisposable
{
    // Who removes our table all the time gets it back, but does not keep the processor busy.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private readonly NetfilterEvents _events;
    private readonly Action _repair;
    private readonly Thread _thread;

    /// <param name="table">Our table.</param>
    /// <param name="repair">Called, in the watch's thread, after something was removed; throws nothing.</param>
    /// <exception cref="Linux.LinuxException">The kernel does not tell of changes.</exception>
    public FirewallWatch(string table, Action repair)
    {
        _events = new NetfilterEvents(table);
        _repair = repair;
        _thread = new Thread(Watch, maxStackSize: 256 * 1024) { IsBackground = true, Name = "firewall watch" };
        _thread.Start();
    }

    public void Dispose()
    {
        _events.Stop();
        _thread.Join();
        _events.Dispose();
    }

    private void Watch()
    {
        while (_events.WaitForRemoval())
        {
            _repair();
            if (!_events.Pause(s_pause))
                return;
        }
    }
}
