namespace Hafen.EndToEnd.Environment;

/// <summary>
/// A daemon of its own with containers in every state, for command lines that list or name them: <c>exited</c> (wrote to both outputs, code 3),
/// <c>running</c>, <c>paused</c>, <c>created</c> and <c>rich</c> (with options, labels and mounts).
/// </summary>
public sealed class CliWorld : IDisposable
{
    public CliWorld()
    {
        Daemon = new Daemon("cli");
        Daemon.Start();
        Busybox.ImportInto(Daemon);
        var docker = Daemon.Docker;
        Assert.Equal(3, docker.Run("run", "--name", "exited", "--network", "none", "busybox", "sh", "-c", "echo out; echo err >&2; exit 3").ExitCode);
        docker.Run("run", "-d", "--name", "running", "--network", "none", "busybox", "sleep", "100000").Ok();
        docker.Run("run", "-d", "--name", "paused", "--network", "none", "busybox", "sleep", "100000").Ok();
        docker.Run("pause", "paused").Ok();
        docker.Run("create", "--name", "created", "--network", "none", "busybox").Ok();
        docker.Run(
            "create", "--name", "rich", "--network", "none", "-e", "A=1", "-l", "a=1", "-l", "com.foo-bar_x=q", "-v", "/tmp:/t:ro", "-v", "vol5:/v", "--tmpfs", "/u",
            "--memory", "64m", "--ulimit", "nofile=5:6", "--log-opt", "labels=a", "--expose", "77", "--workdir", "/tmp", "busybox", "echo", "five").Ok();
    }

    public Daemon Daemon { get; }

    public void Dispose() => Daemon.Dispose();
}
