using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Daemons;

/// <summary>
/// Abstract sockets belong to a network namespace, and a container of the host's network shares the host's: what listens on one is open to it
/// (CVE-2020-15257). The daemon, its monitors and an init listen on none.
/// </summary>
public sealed class AbstractSocketTests(SharedDaemon shared)
{
    [Fact]
    public void Nothing_of_ours_listens_on_an_abstract_socket()
    {
        var docker = shared.Daemon.Docker;
        string id = docker.Run("run", "-d", "--init", "--network", "host", "busybox", "sleep", "1000").Ok().Line;
        try
        {
            var own = Processes(id).Append(shared.Daemon.Pid).SelectMany(Sockets).ToHashSet();
            var ours = File.ReadAllLines("/proc/net/unix").Skip(1).Select(entry => entry.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => own.Contains(fields[6])).ToList();
            Assert.Contains(ours, fields => fields.Length > 7 && fields[7].EndsWith("/monitor.sock", StringComparison.Ordinal));
            Assert.DoesNotContain(ours, fields => fields.Length > 7 && fields[7].StartsWith('@'));
        }
        finally
        {
            docker.Run("rm", "-f", id).Ok();
        }
    }

    /// <summary>Those that have the container's ID on their command line: its monitor.</summary>
    private static IEnumerable<int> Processes(string id)
        => Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!))
            .Where(pid => Read($"/proc/{pid}/cmdline").Contains(id, StringComparison.Ordinal));

    private static List<string> Sockets(int pid)
    {
        try
        {
            return [.. Directory.GetFiles($"/proc/{pid}/fd").Select(fd => new FileInfo(fd).LinkTarget ?? "")
                .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal)).Select(target => target[8..^1])];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return "";
        }
    }
}
