using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;
using Hafen.Linux.Sockets;
using Hafen.Monitor;
using Hafen.Monitor.Containers;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Monitors;

/// <summary>
/// Starts monitors as children of the daemon, in sessions of their own so that they outlive it, and finds those of an earlier daemon by their sockets.
/// They execute a sealed copy of <c>hafen-runtime</c>, made once: a container that gets hold of its monitor's executable cannot change the file on the
/// host (CVE-2019-5736), and replacing that file during an upgrade disturbs nobody.
/// </summary>
public sealed class MonitorProcesses : IMonitors, IDisposable
{
    private const int PrivateFolder = 0x1C0; // 0700
    private static readonly TimeSpan s_searchKept = TimeSpan.FromSeconds(2);

    private readonly string _runtimePath;
    private readonly string _containers;
    private readonly MonitorReceiver _receiver = new();
    private readonly Lock _copying = new();
    private Descriptor? _executable;
    private readonly MonitorLimits _limits;
    private readonly Lock _searching = new();
    private Dictionary<string, int> _found = [];
    private long _searchDue;

    /// <param name="runtimePath">The executable <c>hafen-runtime</c>.</param>
    /// <param name="runRoot">The daemon's folder for what may vanish on reboot, <c>/run/hafen</c>.</param>
    public MonitorProcesses(string runtimePath, string runRoot)
        : this(runtimePath, runRoot, MonitorLimits.Default)
    {
    }

    internal MonitorProcesses(string runtimePath, string runRoot, MonitorLimits limits)
    {
        _limits = limits;
        _runtimePath = runtimePath;
        _containers = Path.Combine(runRoot, "containers");
    }

    /// <summary>The soft limit of open files that monitors get, and from them their containers; null for the daemon's own.</summary>
    public ulong? OpenFiles { get; init; }

    public async Task<IMonitor> LaunchAsync(string containerId, CancellationToken cancellationToken)
    {
        // 1. A fresh state folder: nothing of an earlier run may pass for this one's.
        RemoveState(containerId);
        string state = StateFolder(containerId);
        CreatePrivate(state);

        // 2. The process, noted for a daemon that comes after this one.
        var (ours, theirs) = PacketSocket.CreatePair();
        MonitorProcess process;
        try
        {
            int pid = Spawn(containerId, state, theirs);
            process = Watch(pid);
            // In time: it makes nothing before it is asked to.
            if (OpenFiles is { } files)
                OpenFileLimit.SetSoft(pid, files);
            MonitorPidFile.Write(state, pid);
        }
        catch
        {
            RawDescriptor.Close(ours);
            throw;
        }
        finally
        {
            RawDescriptor.Close(theirs);
        }

        // 3. Its greeting. One that comes too late would find its folder in another monitor's hands.
        var monitor = Supervise(containerId, process);
        try
        {
            await monitor.BeginAsync(ours, cancellationToken);
            return monitor;
        }
        catch
        {
            process.Kill();
            await monitor.DisposeAsync();
            throw;
        }
    }

    public IMonitor? Find(string containerId)
    {
        // 1. The process, which alone decides: as it was noted at its launch, or, of a daemon that noted nothing or a folder that is lost, by its command line.
        string state = StateFolder(containerId);
        if (MonitorPidFile.TryRead(state) is not var (pid, start))
        {
            if (!Search().TryGetValue(containerId, out pid) || MonitorSearch.Open(pid, containerId) is not { } found)
                return null;
            MonitorPidFile.Write(state, pid);
            return Begin(containerId, MonitorProcess.Watch(_receiver, pid, found, child: false));
        }
        if (MonitorSearch.Open(pid, start) is not { } noted)
            return null;

        // 2. The connection, in its own time.
        return Begin(containerId, MonitorProcess.Watch(_receiver, pid, noted, child: false));
    }

    public MonitorExited? ReadExit(string containerId) => ExitFile.Read(StateFolder(containerId));

    public string? ReadFailure(string containerId) => FailureFile.Read(StateFolder(containerId));

    public void RemoveState(string containerId)
    {
        string state = StateFolder(containerId);
        if (Directory.Exists(state))
            Directory.Delete(state, recursive: true);
    }

    public void Dispose()
    {
        _receiver.Dispose();
        _executable?.Dispose();
    }

    private string StateFolder(string containerId) => Path.Combine(_containers, containerId);

    /// <summary>The sealed copy. A copy that fails, for want of memory or because the file is just being replaced, is tried again by the next start.</summary>
    private Descriptor Executable()
    {
        lock (_copying)
            return _executable ??= new Descriptor(MemoryFile.CreateSealedExecutable(_runtimePath));
    }

    private int Spawn(string containerId, string state, int connection)
    {
        // Not the daemon's own: whoever reads its output would wait for the end of the last monitor.
        using var nothing = Files.Open("/dev/null", OpenFlags.O_RDWR);
        return PosixSpawn.Start(new SpawnRequest
        {
            Path = $"/proc/{Environment.ProcessId}/fd/{Executable().Number}",
            // A monitor needs nothing of the daemon's environment, and who may trace it inside a container reads none.
            Environment = [],
            Arguments = ["hafen-runtime", "monitor", MonitorArguments.Id, containerId, MonitorArguments.State, state],
            Descriptors = [(nothing.Number, 0), (nothing.Number, 1), (nothing.Number, 2), (connection, MonitorArguments.Connection)],
            NewSession = true,
            WorkingDirectory = "/",
        });
    }

    /// <summary>One that cannot be watched, for want of a descriptor, is ended: nobody would ever collect it.</summary>
    private MonitorProcess Watch(int pid)
    {
        const int SIGKILL = 9;
        try
        {
            return MonitorProcess.Watch(_receiver, pid, Pidfd.Open(pid), child: true);
        }
        catch
        {
            ProcessControl.Kill(pid, SIGKILL);
            Children.Wait(pid);
            throw;
        }
    }

    private SupervisedMonitor Supervise(string containerId, MonitorProcess process) => new(
        _receiver, process, containerId, Path.Combine(StateFolder(containerId), "monitor.sock"), () => ReadExit(containerId), _limits);

    private SupervisedMonitor Begin(string containerId, MonitorProcess process)
    {
        var monitor = Supervise(containerId, process);
        monitor.Begin();
        return monitor;
    }

    /// <summary>One look at all processes serves all containers that are looked for at a time.</summary>
    private Dictionary<string, int> Search()
    {
        lock (_searching)
        {
            if (Environment.TickCount64 >= _searchDue)
            {
                _found = MonitorSearch.All();
                _searchDue = Environment.TickCount64 + (long)s_searchKept.TotalMilliseconds;
            }
            return _found;
        }
    }

    private static void CreatePrivate(string folder) => Directory.CreateDirectory(folder, (UnixFileMode)PrivateFolder);
}
