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
public sealed class Monitors : IMonitors, IDisposable
{
    private const int PrivateFolder = 0x1C0; // 0700
    private static readonly TimeSpan HelloLimit = TimeSpan.FromSeconds(5);

    private readonly string _runtimePath;
    private readonly string _containers;
    private readonly MonitorReceiver _receiver = new();
    private readonly Lazy<Descriptor> _executable;

    /// <param name="runtimePath">The executable <c>hafen-runtime</c>.</param>
    /// <param name="runRoot">The daemon's folder for what may vanish on reboot, <c>/run/hafen</c>.</param>
    public Monitors(string runtimePath, string runRoot)
    {
        _runtimePath = runtimePath;
        _containers = Path.Combine(runRoot, "containers");
        _executable = new Lazy<Descriptor>(() => new Descriptor(MemoryFile.CreateSealedExecutable(_runtimePath)));
    }

    public async Task<IMonitor> LaunchAsync(string containerId, CancellationToken cancellationToken)
    {
        // 1. A fresh state folder: nothing of an earlier run may pass for this one's.
        RemoveState(containerId);
        var state = StateFolder(containerId);
        CreatePrivate(state);

        // 2. The process.
        var (ours, theirs) = PacketSocket.CreatePair();
        Descriptor process;
        try
        {
            process = Reap(Spawn(containerId, state, theirs));
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
        try
        {
            return await GreetAsync(ours, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Kill(process);
            throw;
        }
    }

    public async Task<IMonitor?> ReconnectAsync(string containerId, CancellationToken cancellationToken)
    {
        var socket = PacketSocket.Connect(Path.Combine(StateFolder(containerId), "monitor.sock"));
        if (socket < 0)
            return null;
        try
        {
            return await GreetAsync(socket, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or TimeoutException)
        {
            return null;
        }
    }

    public MonitorExited? ReadExit(string containerId) => ExitFile.Read(StateFolder(containerId));

    public void RemoveState(string containerId)
    {
        var state = StateFolder(containerId);
        if (Directory.Exists(state))
            Directory.Delete(state, recursive: true);
    }

    public void Dispose()
    {
        _receiver.Dispose();
        if (_executable.IsValueCreated)
            _executable.Value.Dispose();
    }

    private string StateFolder(string containerId) => Path.Combine(_containers, containerId);

    private int Spawn(string containerId, string state, int connection)
    {
        // Not the daemon's own: whoever reads its output would wait for the end of the last monitor.
        using var nothing = Files.Open("/dev/null", OpenFlags.O_RDWR);
        return PosixSpawn.Start(new SpawnRequest
        {
            Path = $"/proc/{Environment.ProcessId}/fd/{_executable.Value.Number}",
            // A monitor needs nothing of the daemon's environment, and who may trace it inside a container reads none.
            Environment = [],
            Arguments = ["hafen-runtime", "monitor", MonitorArguments.Id, containerId, MonitorArguments.State, state],
            Descriptors = [(nothing.Number, 0), (nothing.Number, 1), (nothing.Number, 2), (connection, MonitorArguments.Connection)],
            NewSession = true,
            WorkingDirectory = "/",
        });
    }

    private async Task<MonitorConnection> GreetAsync(int socket, CancellationToken cancellationToken)
    {
        var monitor = new MonitorConnection(_receiver, socket);
        try
        {
            await monitor.Hello.WaitAsync(HelloLimit, cancellationToken).ConfigureAwait(false);
            return monitor;
        }
        catch
        {
            await monitor.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reaps the monitor when it has ended; after a restart of the daemon, the host's init does that.</summary>
    /// <returns>Names the process; disposed with its end.</returns>
    private Descriptor Reap(int pid)
    {
        var process = Pidfd.Open(pid);
        var number = process.Number;
        ulong watch = 0;
        var registered = new ManualResetEventSlim();
        watch = _receiver.Add(number, () =>
        {
            registered.Wait();
            _receiver.Remove(watch, number);
            process.Dispose();
            try
            {
                Children.TryWait(pid);
            }
            catch (LinuxException failure) when (failure.Number == Errno.ECHILD)
            {
                // Somebody in this process waits for all children; then there is no zombie either.
            }
        });
        registered.Set();
        return process;
    }

    private static void Kill(Descriptor process)
    {
        const int SIGKILL = 9;
        bool held = false;
        try
        {
            process.DangerousAddRef(ref held);
            Pidfd.SendSignal((int)process.DangerousGetHandle(), SIGKILL);
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
        finally
        {
            if (held)
                process.DangerousRelease();
        }
    }

    private static void CreatePrivate(string folder)
    {
        if (!OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder, (UnixFileMode)PrivateFolder);
    }
}
