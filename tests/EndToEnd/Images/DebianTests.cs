using Hafen.EndToEnd.Environment;
using Hafen.TimeLimits;

namespace Hafen.EndToEnd.Images;

/// <summary>A real Debian: made by debootstrap, imported, used as a shell, and installing a package over the bridge.</summary>
public sealed class DebianTests(SharedDaemon shared)
{
    [Fact, Limit(600)]
    public async Task Debian_is_usable_and_installs_nginx()
    {
        using var folder = new Scratch();
        string mirror = Mirror();
        Command.Run("debootstrap", ["--variant=minbase", "bookworm", folder["root"], mirror], null, limit: TimeSpan.FromMinutes(8)).Ok();
        // The package lists and archives are not part of the image.
        Command.Run("sh", "-c", "rm -rf \"$0\"/var/cache/apt/archives/*.deb && tar -c -f \"$1\" -C \"$0\" .", folder["root"], folder["root.tar"]).Ok();
        shared.Daemon.Docker.Run("import", "--change", "CMD [\"bash\"]", folder["root.tar"], "debian:bookworm").Ok();

        var shell = await shared.Daemon.Hafen.RunOnTerminalAsync(["run", "--rm", "-it", "debian:bookworm", "bash"], "cat /etc/debian_version; ls --color=never -d /etc\n", "exit 2\n");
        Assert.Equal(2, shell.ExitCode);
        Assert.Contains("12.", shell.Text, StringComparison.Ordinal);

        const string install = "apt-get update && apt-get install -y --no-install-recommends nginx-light && nginx -t && nginx && sleep 1 && bash -c 'exec 3<>/dev/tcp/127.0.0.1/80; printf \"GET / HTTP/1.0\\r\\n\\r\\n\" >&3; cat <&3' | grep -c 'Welcome to nginx'";
        var result = await Command.RunAsync(
            "docker", ["run", "--rm", "-e", "DEBIAN_FRONTEND=noninteractive", "debian:bookworm", "sh", "-c", install], null,
            new Dictionary<string, string> { ["DOCKER_HOST"] = shared.Daemon.Host, ["DOCKER_CONFIG"] = "/nonexistent" }, TimeSpan.FromMinutes(5));
        result.Ok();
        Assert.NotEqual("0", result.Lines[^1]);
        shared.Daemon.Docker.Run("rmi", "debian:bookworm").Ok();
    }

    /// <summary>The mirror this machine installs its own packages from.</summary>
    private static string Mirror()
    {
        var sources = Directory.EnumerateFiles("/etc/apt", "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".list", StringComparison.Ordinal) || file.EndsWith(".sources", StringComparison.Ordinal))
            .SelectMany(File.ReadLines);
        foreach (string line in sources)
        {
            string? url = line.Split(' ').FirstOrDefault(word => word.StartsWith("http", StringComparison.Ordinal) && word.TrimEnd('/').EndsWith("/debian", StringComparison.Ordinal));
            if (url is not null && !line.TrimStart().StartsWith('#'))
                return url;
        }
        throw new InvalidOperationException("no Debian mirror in /etc/apt");
    }
}
