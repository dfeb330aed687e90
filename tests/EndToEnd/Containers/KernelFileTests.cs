using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Containers;

/// <summary>What a container with the default rights cannot read or change of the kernel, tried from inside.</summary>
public sealed class KernelFileTests(SharedDaemon shared)
{
    /// <summary>CVE-2022-0492: a release agent, which the kernel runs as root of the host, set by way of a new user namespace.</summary>
    [Fact]
    public void No_release_agent_can_be_set()
    {
        const string script = """
            for file in $(find /sys/fs/cgroup -name release_agent); do (echo /tmp/x >$file) 2>/dev/null && echo "wrote $file"; done
            for name in rdma memory pids misc; do
              unshare -Urm sh -c "mount -t cgroup -o $name none /mnt && echo /tmp/x >/mnt/release_agent" 2>/dev/null && echo "mounted $name"
              mount -t cgroup -o $name none /mnt 2>/dev/null && echo "mounted $name"
            done
            mount -t cgroup2 none /mnt 2>/dev/null && echo "mounted cgroup2"
            mount -o remount,rw /sys/fs/cgroup 2>/dev/null && echo remounted
            mkdir /sys/fs/cgroup/x /sys/fs/cgroup/*/x 2>/dev/null && echo "made a cgroup"
            echo end
            """;
        string inside = $"mkdir -p /mnt; {script}";
        Assert.Equal("end", shared.Daemon.Docker.Run("run", "--rm", "--network", "none", "busybox", "sh", "-c", inside).Ok().Text.Trim());
    }

    /// <summary>Each path of the list, as far as this kernel has it.</summary>
    [Fact]
    public void Masked_files_are_empty_and_others_cannot_be_written()
    {
        var docker = shared.Daemon.Docker;
        docker.Run("create", "--name", "kernel-files", "--network", "none", "busybox", "sleep", "1000").Ok();
        string[] masked = docker.Run("inspect", "-f", "{{range .HostConfig.MaskedPaths}}{{println .}}{{end}}", "kernel-files").Ok().Lines;
        string[] readOnly = docker.Run("inspect", "-f", "{{range .HostConfig.ReadonlyPaths}}{{println .}}{{end}}", "kernel-files").Ok().Lines;
        Assert.Contains("/proc/kcore", masked);
        Assert.Contains("/proc/sys", readOnly);
        docker.Run("start", "kernel-files").Ok();
        foreach (string path in masked.Where(path => path.Length > 0 && (File.Exists(path) || Directory.Exists(path))))
            Assert.Equal((path, ""), (path, docker.Run("exec", "kernel-files", "sh", "-c", $"if test -d {path}; then ls -A {path}; else head -c 100 {path}; fi").Ok().Text.Trim()));
        foreach (string path in readOnly.Where(path => path.Length > 0 && (File.Exists(path) || Directory.Exists(path))))
        {
            Assert.Equal((path, "read-only"), (path, docker.Run("exec", "kernel-files", "sh", "-c",
                $"grep -q ' {path} ro[, ]' /proc/self/mountinfo && ! touch {path}/x 2>/dev/null && echo read-only").Ok().Text.Trim()));
        }
        docker.Run("rm", "-f", "kernel-files").Ok();
    }
}
