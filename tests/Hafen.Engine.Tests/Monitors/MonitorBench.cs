using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hafen.Engine.Monitors;
using Hafen.Logging;
using Hafen.Monitor.Protocol;
using Hafen.Oci.Runtime;

namespace Hafen.Engine.Tests.Monitors;

/// <summary>Real monitors with real containers: a root with busybox, a run root, and everything removed at the end. Needs root and the native executables.</summary>
public sealed class MonitorBench : IAsyncDisposable
{
    private static readonly string? s_executables = Environment.GetEnvironmentVariable("HAFEN_BIN");
    private readonly List<Socket> _sockets = [];
    private readonly List<IMonitor> _launched = [];

    public MonitorBench()
    {
        Assert.SkipWhen(s_executables is null, "HAFEN_BIN does not name the folder of the native executables");
        Folder = Directory.CreateTempSubdirectory("hafen-monitors-").FullName;
        Monitors = NewMonitors();
        string bin = Directory.CreateDirectory(Path.Combine(Root, "bin")).FullName;
        foreach (string folder in (string[])["proc", "dev", "sys", "tmp"])
            Directory.CreateDirectory(Path.Combine(Root, folder));
        File.Copy("/bin/busybox", Path.Combine(bin, "busybox"));
        foreach (string applet in (string[])["sh", "cat", "sleep", "stty", "dd", "tail", "true"])
            File.CreateSymbolicLink(Path.Combine(bin, applet), "busybox");
        Id = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
    }

    public static string RuntimePath => Path.Combine(s_executables!, "hafen-runtime");

    public string Folder { get; }

    public string Id { get; }

    public MonitorProcesses Monitors { get; private set; }

    public string LogPath => Path.Combine(Folder, "x-json.log");

    public string CgroupPath => $"/hafen-monitor-tests-{Id[..12]}";

    public string SocketPath => Path.Combine(RunRoot, "containers", Id, "monitor.sock");

    public string PidFile => Path.Combine(RunRoot, "containers", Id, "monitor.pid");

    private string Root => Path.Combine(Folder, "rootfs");

    private string RunRoot => Path.Combine(Folder, "run");

    /// <summary>As a daemon that starts anew has it.</summary>
    public MonitorProcesses NewMonitors() => new(RuntimePath, RunRoot);

    public async Task<IMonitor> LaunchAsync()
    {
        var monitor = await Monitors.LaunchAsync(Id, default);
        _launched.Add(monitor);
        return monitor;
    }

    /// <summary>Launches a monitor and makes the container.</summary>
    public async Task<IMonitor> CreateAsync(
        string script, bool terminal = false, bool openStdin = false, bool stdinOnce = false, string driver = "json-file", bool hostPid = false)
    {
        var monitor = await LaunchAsync();
        await monitor.CreateAsync(Request(["/bin/sh", "-c", script], terminal, openStdin, stdinOnce, driver, hostPid), default);
        return monitor;
    }

    public MonitorCreate Request(
        string[] command, bool terminal = false, bool openStdin = false, bool stdinOnce = false, string driver = "json-file", bool hostPid = false,
        SpecResources? resources = null)
    {
        var process = Process(command, terminal);
        string[] namespaces = hostPid ? ["mount", "ipc", "uts", "network"] : ["pid", "mount", "ipc", "uts", "network"];
        var spec = new RuntimeSpec
        {
            OciVersion = "1.2.0",
            Process = process,
            Root = new SpecRoot { Path = Root },
            Hostname = "monitor",
            Mounts =
            [
                new SpecMount { Destination = "/proc", Type = "proc", Source = "proc" },
                new SpecMount { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "mode=755"] },
                new SpecMount { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["newinstance", "ptmxmode=0666", "mode=0620"] },
            ],
            Linux = new SpecLinux
            {
                CgroupsPath = CgroupPath,
                Resources = resources,
                Namespaces = [.. namespaces.Select(n => new SpecNamespace { Type = n })],
            },
        };
        File.WriteAllText(Path.Combine(Folder, "config.json"), JsonSerializer.Serialize(spec, RuntimeSpecJson.Default.RuntimeSpec));
        return new MonitorCreate
        {
            Id = Id,
            Bundle = Folder,
            Log = new LogTarget { Driver = driver, Path = LogPath },
            OpenStdin = openStdin,
            StdinOnce = stdinOnce,
        };
    }

    public static SpecProcess Process(string[] command, bool terminal = false) => new()
    {
        Terminal = terminal,
        User = new SpecUser(),
        Args = command,
        Env = ["PATH=/bin"],
        Cwd = "/",
    };

    /// <summary>Two ends of a connection: the client's, and the one a daemon has.</summary>
    public (Socket Client, Socket Daemon) Connection()
    {
        string path = Path.Combine(Folder, Guid.NewGuid().ToString("N")[..12]);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(path));
        var daemon = listener.Accept();
        File.Delete(path);
        _sockets.Add(client);
        _sockets.Add(daemon);
        return (client, daemon);
    }

    /// <summary>Attaches a client and gives its end.</summary>
    public async Task<Socket> AttachAsync(IMonitor monitor, MonitorAttach request)
    {
        var (client, daemon) = Connection();
        await monitor.AttachAsync(request, daemon.SafeHandle, default);
        daemon.Dispose();
        return client;
    }

    /// <summary>Reads to the end and closes, as a client does.</summary>
    public static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var all = new MemoryStream();
        byte[] buffer = new byte[256 * 1024];
        while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var count)
            all.Write(buffer, 0, count);
        socket.Dispose();
        return all.ToArray();
    }

    /// <summary>The events up to the container's exit, which is the last.</summary>
    public static async Task<List<MonitorEvent>> EventsAsync(IMonitor monitor)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var events = new List<MonitorEvent>();
        await foreach (var happened in monitor.Events.ReadAllAsync(limit.Token))
            events.Add(happened);
        return events;
    }

    public static async Task<MonitorExited> ExitAsync(IMonitor monitor) => Assert.IsType<MonitorExited>((await EventsAsync(monitor))[^1]);

    /// <summary>What was logged of one stream, put together.</summary>
    public string Logged(string stream = "stdout")
    {
        var text = new StringBuilder();
        foreach (string line in File.ReadLines(LogPath))
        {
            var entry = JsonNode.Parse(line)!;
            if ((string)entry["stream"]! == stream)
                text.Append((string)entry["log"]!);
        }
        return text.ToString();
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        for (int i = 0; i < 3000; i++)
        {
            if (condition())
                return;
            await Task.Delay(20);
        }
        Assert.Fail($"not within a minute: {what}");
    }

    public static bool Runs(int pid) => Directory.Exists($"/proc/{pid}") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        foreach (var monitor in _launched)
        {
            try
            {
                await monitor.SignalAsync(null, 9, default);
                await EventsAsync(monitor);
            }
            catch (Exception exception) when (exception is MonitorException or IOException or OperationCanceledException)
            {
                // It has ended already.
            }
            await monitor.DisposeAsync();
        }
        foreach (var socket in _sockets)
            socket.Dispose();
        await Task.Delay(20);
        Monitors.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
