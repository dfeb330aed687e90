using System.Runtime.InteropServices;

namespace Hafen.Linux.Inotify;

/// <summary>The process's one inotify instance, with the thread that reads it; both begin with the first watch.</summary>
internal sealed unsafe partial class WatchQueue
{
    private const int IN_CLOEXEC = 0x80000;
    private const uint IN_MODIFY = 0x2, IN_MOVED_FROM = 0x40, IN_MOVED_TO = 0x80, IN_CREATE = 0x100, IN_DELETE = 0x200, IN_DELETE_SELF = 0x400,
        IN_Q_OVERFLOW = 0x4000;
    private const int HeaderSize = 16, LengthOffset = 12;

    private static readonly Lazy<WatchQueue> s_shared = new(static () => new WatchQueue());

    private readonly int _descriptor;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, List<FolderWatch>> _watches = [];

    private WatchQueue()
    {
        _descriptor = inotify_init1(IN_CLOEXEC);
        if (_descriptor < 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "inotify_init1");
        new Thread(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "inotify" }.Start();
    }

    public static WatchQueue Shared => s_shared.Value;

    public FolderWatch Add(string folder, Func<int, FolderWatch> make)
    {
        lock (_gate)
        {
            // The kernel gives the same number again for the same folder.
            int number = inotify_add_watch(_descriptor, folder, IN_MODIFY | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_DELETE_SELF);
            if (number < 0)
                throw new LinuxException(Marshal.GetLastPInvokeError(), "inotify_add_watch", folder);
            var watch = make(number);
            if (!_watches.TryGetValue(number, out var watches))
                _watches[number] = watches = [];
            watches.Add(watch);
            return watch;
        }
    }

    public void Remove(FolderWatch watch)
    {
        lock (_gate)
        {
            if (!_watches.TryGetValue(watch.Number, out var watches) || !watches.Remove(watch) || watches.Count > 0)
                return;
            _watches.Remove(watch.Number);
            _ = inotify_rm_watch(_descriptor, watch.Number);
        }
    }

    private void Run()
    {
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            nint read;
            fixed (byte* b = buffer)
                read = WatchQueue.read(_descriptor, b, (nuint)buffer.Length);
            if (read > 0)
                Dispatch(buffer.AsSpan(0, (int)read));
            else if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                return;
        }
    }

    private void Dispatch(ReadOnlySpan<byte> events)
    {
        lock (_gate)
        {
            while (events.Length >= HeaderSize)
            {
                int number = MemoryMarshal.Read<int>(events);
                uint mask = MemoryMarshal.Read<uint>(events[4..]);
                int length = HeaderSize + MemoryMarshal.Read<int>(events[LengthOffset..]);
                events = events[length..];
                if ((mask & IN_Q_OVERFLOW) != 0)
                {
                    foreach (var all in _watches.Values)
                        Report(all);
                }
                else if (_watches.TryGetValue(number, out var watches))
                {
                    Report(watches);
                }
            }
        }
    }

    private static void Report(List<FolderWatch> watches)
    {
        foreach (var watch in watches)
            watch.Report();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int inotify_add_watch(int fd, string pathname, uint mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_rm_watch(int fd, int wd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int fd, byte* buf, nuint count);
}
