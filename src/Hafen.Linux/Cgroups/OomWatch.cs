using Hafen.Linux.Events;

namespace Hafen.Linux.Cgroups;

/// <summary>
/// Tells that tasks of a cgroup run out of memory: on v1 the notification of <c>memory.oom_control</c> (Documentation/admin-guide/cgroup-v1/memory.rst, 9 and
/// 10), which comes with the killer switched off, too; on v2 a change of <c>oom_kill</c> in <c>memory.events</c>.
/// </summary>
public sealed class OomWatch : IDisposable
{
    private readonly EventDescriptor? _notification;
    private readonly CgroupFile? _counters;
    private long _kills;

    private OomWatch(EventDescriptor notification) => _notification = notification;

    private OomWatch(CgroupFile counters) => _counters = counters;

    /// <summary>To be watched for <see cref="Events"/>; owned by this.</summary>
    public int Number => _notification?.Number ?? _counters!.Number;

    /// <summary>Bits of <see cref="Epoll"/>.</summary>
    public uint Events => _notification is not null ? Epoll.In : Epoll.Priority;

    /// <summary>Whether memory has run out since the last look.</summary>
    public bool Take()
    {
        if (_notification is not null)
            return _notification.Take();
        long kills = _counters!.Value("oom_kill");
        bool more = kills > _kills;
        _kills = kills;
        return more;
    }

    public void Dispose()
    {
        _notification?.Dispose();
        _counters?.Dispose();
    }

    /// <summary>Begins to watch; null where the kernel does not tell.</summary>
    internal static OomWatch? Open(CgroupDirectory directory)
    {
        if (directory.Hierarchy.IsUnified)
            return CgroupFile.Open(directory, "memory.events") is { } counters ? new OomWatch(counters) : null;
        using var control = CgroupFile.Open(directory, "memory.oom_control");
        if (control is null)
            return null;
        var notification = new EventDescriptor();
        // The kernel needs the file only while it takes the order; the order ends with the eventfd.
        if (directory.Write("cgroup.event_control", $"{notification.Number} {control.Number}") == 0)
        {
            // What was killed before is news, too.
            if (control.Value("oom_kill") > 0)
                notification.Signal();
            return new OomWatch(notification);
        }
        notification.Dispose();
        return null;
    }
}
