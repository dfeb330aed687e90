using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Containers;

/// <summary>What is said of a container that runs out of memory.</summary>
public sealed class OutOfMemoryTests(SharedDaemon shared)
{
    private const string Eater = "busybox awk 'BEGIN { x = \"xxxxxxxx\"; while (1) x = x x }'";

    [Fact]
    public void It_is_told_while_the_container_goes_on_and_not_again_at_its_end()
    {
        const string name = "oom-child";
        var docker = shared.Daemon.Docker;
        docker.Run("run", "-d", "--name", name, "--network", "none", "-m", "16m", "busybox", "sh", "-c", Eater + "; sleep 1000").Ok();
        using var events = Follow(name, "--filter", "event=die");
        Assert.Equal("oom", events.StandardOutput.ReadLine());
        Assert.Equal("running", docker.Run("inspect", "-f", "{{.State.Status}}", name).Ok().Line);
        docker.Run("kill", name).Ok();
        Assert.Equal("137", docker.Run("wait", name).Ok().Line);
        Assert.Equal("true", docker.Run("inspect", "-f", "{{.State.OOMKilled}}", name).Ok().Line);
        Assert.Equal("die", events.StandardOutput.ReadLine());
        events.Kill();
        docker.Run("rm", name).Ok();
    }

    [Fact]
    public void With_the_killer_switched_off_it_is_told_and_the_container_can_be_ended()
    {
        Assert.SkipUnless(File.Exists("/sys/fs/cgroup/memory/memory.oom_control"), "cgroup v2 has no --oom-kill-disable");
        const string name = "oom-hangs";
        var docker = shared.Daemon.Docker;
        docker.Run("run", "-d", "--name", name, "--network", "none", "-m", "16m", "--memory-swap", "16m", "--oom-kill-disable", "busybox", "sh", "-c", Eater).Ok();
        using (var events = Follow(name))
        {
            Assert.Equal("oom", events.StandardOutput.ReadLine());
            events.Kill();
        }
        Assert.Equal("running", docker.Run("inspect", "-f", "{{.State.Status}}", name).Ok().Line);
        docker.Run("rm", "-f", name).Ok();
    }

    private System.Diagnostics.Process Follow(string name, params string[] more)
        => shared.Daemon.Docker.Start(["events", "--since", "1m", "--filter", "container=" + name, "--filter", "event=oom", .. more, "--format", "{{.Action}}"]);
}
