using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Containers;

public sealed class MonitorMemoryTests(SharedDaemon shared)
{
    /// <summary>Who never stops talking lets its monitor never rest; rotation makes garbage, which is not to wait for a quiet moment.</summary>
    [Fact]
    public async Task A_log_that_is_rotated_all_the_time_does_not_make_the_monitor_large()
    {
        const string name = "always-rotating";
        var docker = shared.Daemon.Docker;
        docker.Run("run", "-d", "--name", name, "--network", "none", "--log-opt", "max-size=16k", "--log-opt", "max-file=3", "busybox", "yes").Ok();
        string init = docker.Run("inspect", "-f", "{{.State.Pid}}", name).Ok().Line;
        string monitor = File.ReadLines($"/proc/{init}/status").First(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..].Trim();
        long most = 0;
        for (int i = 0; i < 40; i++)
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
            string own = File.ReadLines($"/proc/{monitor}/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
            most = Math.Max(most, long.Parse(own[8..].Replace("kB", "", StringComparison.Ordinal).Trim()));
        }
        docker.Run("rm", "-f", name).Ok();
        Assert.InRange(most, 1, 5_000);
    }
}
