using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Containers;

/// <summary>Processes that end before anybody here has learned that they began.</summary>
public sealed class QuickExecTests(SharedDaemon shared)
{
    [Fact]
    public void Many_of_them_give_their_codes_and_leave_the_container_alone()
    {
        const string name = "quick-execs", script = "for i in $(seq 250); do \"$0\" exec \"$1\" sh -c 'exit 7'; [ $? = 7 ] || exit 1; done";
        var docker = shared.Daemon.Docker;
        docker.Run("run", "-d", "--name", name, "--network", "none", "busybox", "sleep", "1000").Ok();
        var environment = new Dictionary<string, string> { ["HAFEN_HOST"] = shared.Daemon.Host };
        Command.Run("sh", ["-c", script, Daemon.Executable("hafen"), name], null, environment).Ok();
        Assert.Equal("running", docker.Run("inspect", "-f", "{{.State.Status}}", name).Ok().Line);
        docker.Run("rm", "-f", name).Ok();
    }
}
