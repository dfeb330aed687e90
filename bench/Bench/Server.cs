using System.Diagnostics;
using System.Net.Sockets;

namespace Hafen.Bench;

/// <summary>A daemon under measurement, with its own folders, in the network namespace of the run.</summary>
internal sealed class Server : IDisposable
{
    private readonly string[] _command;
    private readonly string _folder;
    private Process _process;

    private Server(string name, string folder, string[] command)
    {
        Name = name;
        _folder = folder;
        _command = command;
        _process = Launch();
    }

    public string Name { get; }

    public string Folder => _folder;

    public string Socket => Path.Combine(_folder, "d.sock");

    public string Host => "unix://" + Socket;

    public int Pid => _process.Id;

    public static Server StartDocker(string folder)
        => Start("docker", folder, ["dockerd", "--data-root", folder + "/data", "--exec-root", folder + "/exec", "--pidfile", folder + "/pid", "-H", "unix://" + folder + "/d.sock"]);

    public static Server StartHafen(string folder)
        => Start("hafen", folder, [Executables.Hafend, "--data-root", folder + "/data", "--exec-root", folder + "/exec", "--pidfile", folder + "/pid", "-H", "unix://" + folder + "/d.sock", "--bridge-name", "hafen-bench0", "--cgroup-parent", Network.Name]);

    private static Server Start(string name, string folder, string[] command)
    {
        Directory.CreateDirectory(folder);
        var server = new Server(name, folder, command);
        server.AwaitAnswer(pause: 50);
        return server;
    }

    private string Log => Path.Combine(_folder, "log");

    /// <summary>Kills the daemon as a crash would, and leaves its containers.</summary>
    public void Crash()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Starts it again after a crash; returns when it answers.</summary>
    public void StartAgain()
    {
        _process = Launch();
        AwaitAnswer(pause: 1);
    }

    private Process Launch()
    {
        var start = new ProcessStartInfo("nsenter") { RedirectStandardInput = true };
        foreach (string argument in (string[])["--net=/run/netns/" + Network.Name, "sh", "-c", "exec \"$@\" >>" + Log + " 2>&1", "sh", .. _command])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private void AwaitAnswer(int pause)
    {
        var limit = Stopwatch.StartNew();
        while (!Answers())
        {
            if (_process.HasExited || limit.Elapsed > TimeSpan.FromSeconds(30))
                throw new InvalidOperationException($"{Name} does not answer: {File.ReadAllText(Log)}");
            Thread.Sleep(pause);
        }
    }

    /// <summary>A client's environment for this daemon.</summary>
    public Dictionary<string, string> Environment() => new()
    {
        ["DOCKER_HOST"] = Host,
        ["HAFEN_HOST"] = Host,
        ["DOCKER_CONFIG"] = "/nonexistent",
    };

    private bool Answers()
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(Socket));
            return Api.Get(this, "/_ping").Contains("OK", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        Shell.Run("kill", "-TERM", Pid.ToString());
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
            _process.Kill();
        _process.Dispose();
        // Docker leaves its overlay and namespace mounts behind when containers ended unkindly.
        Shell.Run("sh", "-c", $"awk '$5 ~ \"^{_folder}/\" {{print $5}}' /proc/self/mountinfo | sort -r | xargs -r umount -l; rm -rf '{_folder}'; rmdir /sys/fs/cgroup/*/{Network.Name} /sys/fs/cgroup/{Network.Name} 2>/dev/null || true");
    }
}
