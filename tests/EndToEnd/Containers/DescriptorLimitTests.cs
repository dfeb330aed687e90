using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Containers;

/// <summary>A monitor that may open no more files: what it cannot do fails, and its container goes on.</summary>
public sealed class DescriptorLimitTests(SharedDaemon shared)
{
    [Fact]
    public async Task Execs_for_which_no_descriptor_is_left_fail_alone()
    {
        const string name = "few-files";
        var docker = shared.Daemon.Docker;
        docker.Run("run", "-d", "--name", name, "--network", "none", "busybox", "sleep", "1000").Ok();
        docker.Run("exec", name, "true").Ok();
        string init = docker.Run("inspect", "-f", "{{.State.Pid}}", name).Ok().Line;
        string monitor = File.ReadLines($"/proc/{init}/status").First(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..].Trim();
        int open = Directory.GetFileSystemEntries($"/proc/{monitor}/fd").Length;

        // Some find room, some do not, and some lose it on their way to others: wherever an exec meets the limit.
        int failed = 0, fine = 0;
        foreach (int room in (int[])[30, 50, 70, 90, 110, 130])
        {
            Command.Run("prlimit", "--pid", monitor, $"--nofile={open + room}:").Ok();
            var results = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => docker.RunAsync("exec", "-t", name, "sleep", "1")));
            fine += results.Count(result => result.ExitCode == 0);
            failed += results.Count(result => result.ExitCode != 0);
            Assert.Equal("running", docker.Run("inspect", "-f", "{{.State.Status}}", name).Ok().Line);
        }
        Assert.True(failed > 10, $"only {failed} failed");
        Assert.True(fine > 1, $"only {fine} succeeded");

        Command.Run("prlimit", "--pid", monitor, "--nofile=1024:").Ok();
        docker.Run("exec", "-i", name, "true").Ok();
        docker.Run("rm", "-f", name).Ok();
    }
}
