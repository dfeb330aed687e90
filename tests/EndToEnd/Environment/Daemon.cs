using System.Diagnostics;

namespace Hafen.EndToEnd.Environment;

/// <summary>One hafend of the tests, with its own folders, socket and bridge, so that any other daemon of the machine stays alone.</summary>
public sealed class Daemon : IDisposable
{
    private readonly string _bridge;
    private Process? _process;

    /// <param name="name">At most eight letters and digits, no other daemon's of the run.</param>
    /// <param name="dataRoot">A folder of its own when null.</param>
    public Daemon(string name, string? dataRoot = null)
    {
        _bridge = TestRun.Name(name);
        Folder = Directory.CreateTempSubdirectory(_bridge + "-").FullName;
        DataRoot = dataRoot ?? Path.Combine(Folder, "data");
        Docker = new Client("docker", Host);
        Hafen = new Client(Executable("hafen"), Host);
    }

    public string Folder { get; }

    /// <summary>What the shell does that starts it, ending in a semicolon.</summary>
    public string Before { get; init; } = "";

    public string DataRoot { get; }

    public string ExecRoot => Path.Combine(Folder, "run");

    public string Host => "unix://" + Path.Combine(Folder, "d.sock");

    public string Log => Path.Combine(Folder, "hafend.log");

    public Client Docker { get; }

    public Client Hafen { get; }

    /// <summary>Name of the cgroup that holds the containers' cgroups, below the root of each hierarchy.</summary>
    public string CgroupParent => _bridge;

    public int Pid => _process?.Id ?? 0;

    public Client Client(string name) => name switch
    {
        "docker" => Docker,
        "hafen" => Hafen,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    public static string Executable(string name)
    {
        string folder = System.Environment.GetEnvironmentVariable("HAFEN_BIN")
            ?? throw new InvalidOperationException("HAFEN_BIN must name the folder of the native executables; ./test sets it");
        return Path.Combine(folder, name);
    }

    public void Start()
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            // The daemon's own output goes to a file: a test that fails points there.
            ArgumentList =
            {
                "-c", Before + "exec \"$0\" \"$@\" >>\"$HAFEN_TEST_LOG\" 2>&1", Executable("hafend"),
                "-H", Host, "--data-root", DataRoot, "--exec-root", ExecRoot, "--pidfile", Path.Combine(Folder, "pid"), "--bridge-name", _bridge, "--cgroup-parent", _bridge,
            },
            Environment = { ["HAFEN_TEST_LOG"] = Log },
            RedirectStandardInput = true,
        };
        // Two that choose a subnet at the same moment choose the same one; daemons of another run count, too.
        using var turn = Turn.Take();
        _process = Process.Start(start) ?? throw new InvalidOperationException("hafend did not start");
        var limit = Stopwatch.StartNew();
        while (Docker.Run("version", "--format", "{{.Server.Version}}").ExitCode != 0)
        {
            if (_process.HasExited || limit.Elapsed > TimeSpan.FromSeconds(60))
                throw new InvalidOperationException("hafend does not answer: " + File.ReadAllText(Log));
            Thread.Sleep(50);
        }
    }

    /// <summary>Kills the daemon as a crash would (SIGKILL).</summary>
    public void Crash()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>The kernel takes a port away with its network namespace, which is a moment after the container's end, and longer on a busy machine.</summary>
    private string[] PortsLeft()
    {
        string ports = $"/sys/class/net/{_bridge}/brif";
        string[] left = [];
        for (int attempt = 0; attempt < 300 && Directory.Exists(ports) && (left = Directory.GetFileSystemEntries(ports)).Length > 0; attempt++)
            Thread.Sleep(100);
        return Directory.Exists(ports) ? left : [];
    }

    /// <summary>Ends the daemon in order (SIGTERM).</summary>
    public void Stop()
    {
        if (_process is null)
            return;
        Command.Run("kill", "-TERM", _process.Id.ToString());
        if (!_process.WaitForExit(TimeSpan.FromSeconds(60)))
            throw new TimeoutException("hafend ignores SIGTERM: " + File.ReadAllText(Log));
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            string[] containers = Docker.Run("ps", "-aq", "--no-trunc").Lines;
            if (containers.Length > 0)
                Docker.Run(["rm", "-fv", .. containers]);
        }
        Stop();
        string[] left = PortsLeft();
        if (System.Environment.GetEnvironmentVariable("HAFEN_TEST_KEEP") is null)
            Command.Run("rm", "-rf", "--one-file-system", Folder);
        Command.Run("ip", "link", "del", _bridge);
        Command.Run("nft", "delete", "table", "ip", "hafen_" + _bridge.Replace('-', '_'));
        // The parent of the containers' cgroups stays with a daemon; an empty one goes, one that is not empty is a leak that is found.
        Command.Run("sh", "-c", $"rmdir /sys/fs/cgroup/*/{CgroupParent} /sys/fs/cgroup/{CgroupParent}");
        if (left.Length > 0)
            throw new InvalidOperationException("ports left on the bridge: " + string.Join(' ', left.Select(Path.GetFileName)));
    }
}
