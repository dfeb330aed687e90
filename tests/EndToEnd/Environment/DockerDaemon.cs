using System.Diagnostics;

namespace Hafen.EndToEnd.Environment;

/// <summary>
/// The Docker daemon of this machine, as an oracle: with folders of its own and in a network namespace of its own, so that its bridge and
/// firewall rules go with it.
/// </summary>
[CollectionDefinition(Collection)]
public sealed class DockerDaemon : IDisposable, ICollectionFixture<DockerDaemon>
{
    /// <summary>The tests that share the one of a run.</summary>
    public const string Collection = "Docker";

    private static readonly string s_namespace = TestRun.Name("docker");
    private readonly string _folder = TestRun.NewFolder("oracle");
    private readonly Process? _process;

    public DockerDaemon()
    {
        if (!Installed)
            return;
        Command.Run("ip", "netns", "add", s_namespace).Ok();
        Command.Run("nsenter", "--net=/run/netns/" + s_namespace, "ip", "link", "set", "lo", "up").Ok();
        var start = new ProcessStartInfo("nsenter") { RedirectStandardInput = true };
        string[] arguments =
        [
            "--net=/run/netns/" + s_namespace, "sh", "-c", "exec \"$@\" >>\"$0\" 2>&1", Path.Combine(_folder, "log"),
            "dockerd", "--data-root", _folder + "/data", "--exec-root", _folder + "/exec", "--pidfile", _folder + "/pid", "-H", Host,
        ];
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        var limit = Stopwatch.StartNew();
        while (Docker.Run("version").ExitCode != 0)
        {
            if (_process.HasExited || limit.Elapsed > TimeSpan.FromSeconds(60))
                throw new InvalidOperationException("dockerd does not answer: " + File.ReadAllText(Path.Combine(_folder, "log")));
            Thread.Sleep(100);
        }
        Docker.RunWith(Busybox.Tar, "import", "--change", "CMD [\"sh\"]", "--change", "ENV PATH=/bin:/sbin:/usr/bin:/usr/sbin", "-", "busybox:latest").Ok();
    }

    public static bool Installed => File.Exists("/usr/sbin/dockerd") || File.Exists("/usr/bin/dockerd");

    public string Host => $"unix://{_folder}/d.sock";

    public Client Docker => new("docker", Host);

    public void Dispose()
    {
        if (_process is not null)
        {
            string[] containers = Docker.Run("ps", "-aq").Lines;
            if (containers.Length > 0)
                Docker.Run(["rm", "-fv", .. containers]);
            Command.Run("kill", "-TERM", _process.Id.ToString());
            if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
                _process.Kill();
            _process.Dispose();
            Command.Run("sh", "-c", $"awk '$5 ~ \"^{_folder}/\" {{print $5}}' /proc/self/mountinfo | sort -r | xargs -r umount -l");
            Command.Run("ip", "netns", "del", s_namespace);
        }
        Command.Run("rm", "-rf", "--one-file-system", _folder);
    }
}
