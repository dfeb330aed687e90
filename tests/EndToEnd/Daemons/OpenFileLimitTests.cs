using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Daemons;

/// <summary>As with programs in Go, the daemon takes what it may have, and what it starts gets what it was given.</summary>
public sealed class OpenFileLimitTests
{
    [Fact]
    public void The_daemon_raises_its_own_limit_and_not_its_containers()
    {
        using var daemon = new Daemon("files") { Before = "ulimit -Sn 700; " };
        daemon.Start();
        Busybox.ImportInto(daemon);
        string[] limit = File.ReadLines($"/proc/{daemon.Pid}/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(limit[4], limit[3]);
        Assert.NotEqual("700", limit[3]);

        daemon.Docker.Run("run", "-d", "--name", "limited", "--network", "none", "busybox", "sleep", "1000").Ok();
        Assert.Equal("700", daemon.Docker.Run("exec", "limited", "sh", "-c", "ulimit -Sn").Ok().Line);
        Assert.Equal("700", daemon.Docker.Run("run", "--rm", "--network", "none", "busybox", "sh", "-c", "ulimit -Sn").Ok().Line);
        Assert.Equal("800", daemon.Docker.Run("run", "--rm", "--network", "none", "--ulimit", "nofile=800", "busybox", "sh", "-c", "ulimit -Sn").Ok().Line);
    }
}
