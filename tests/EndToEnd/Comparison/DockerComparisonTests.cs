using System.Text.Json;
using System.Text.RegularExpressions;
using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Comparison;

/// <summary>The same command on Docker and on Hafen, with the stock CLI: output, error output and exit code must be equal.</summary>
[Collection(DockerDaemon.Collection)]
public sealed partial class DockerComparisonTests(SharedDaemon shared, DockerDaemon oracle)
{
    private const string Fixed = "--rm --network none --hostname harbour";

    /// <summary>
    /// Masked files show the options of what masks them. The folder of the cgroup hierarchies is read-only here, as its mount entry asks;
    /// runc 1.1 leaves the tmpfs itself writable.
    /// </summary>
    private const string MountOptions = "sed -E -e 's,^(/proc/(kcore|keys|latency_stats|timer_list|timer_stats|sched_debug)) .*,\\1 masked,' -e 's,^/sys/fs/cgroup rw,/sys/fs/cgroup ro,'";

    /// <summary>Newer daemons write these messages in lower case.</summary>
    private const string Messages = "sed -E 's/[0-9a-f]{64}/ID/; s/Container ID/container ID/; s/Cannot kill/cannot kill/'";

    /// <summary>Shell scripts; each container they name is their own.</summary>
    public static TheoryData<string> Scripts => new(
        $"docker run {Fixed} busybox env | sort",
        $"docker run {Fixed} -t busybox env | sort",
        $"docker run {Fixed} -e A=1 -e HOME=/x -u alice busybox env | sort",
        $"docker run {Fixed} -u 1234 busybox sh -c 'id; env | sort; pwd'",
        $"docker run {Fixed} -u 1234:55 --group-add 77 busybox id",
        $"docker run {Fixed} -u alice busybox sh -c 'id; touch /x; ls -ld /proc/self/fd/1 > /dev/null; echo fd > /dev/stderr'",
        $"docker run {Fixed} busybox cat /proc/self/status | grep -E '^(Cap|NoNew|Seccomp:|Groups|Umask)'",
        $"docker run {Fixed} --cap-add NET_ADMIN --cap-add SYS_PTRACE --cap-drop NET_RAW busybox grep ^Cap /proc/self/status",
        $"docker run {Fixed} -u alice --cap-add SYS_TIME busybox grep ^Cap /proc/self/status",
        $"docker run {Fixed} --security-opt no-new-privileges busybox grep NoNew /proc/self/status",
        $"docker run {Fixed} --security-opt seccomp=unconfined busybox grep Seccomp: /proc/self/status",
        $"docker run {Fixed} busybox awk '{{print $5, $6}}' /proc/self/mountinfo | grep -vE '^/(proc/interrupts|sys/devices/)' | {MountOptions} | sort",
        $"docker run {Fixed} --read-only busybox awk '{{print $5, $6}}' /proc/self/mountinfo | grep -vE '^/(proc/interrupts|sys/devices/)' | {MountOptions} | sort",
        $"docker run {Fixed} --tmpfs /t:size=64k,mode=700 --shm-size 1m busybox sh -c 'mount | grep -E \" /t | /dev/shm \"; stat -c %a /t'",
        $"docker run {Fixed} busybox ls -l /dev | awk '{{print $1, $3, $4, $5, $6}}' | sed 's/ [A-Z][a-z][a-z]$//'",
        $"docker run {Fixed} busybox ls -a / /etc",
        $"docker run {Fixed} busybox sh -c 'stat -c \"%n %a %u %g\" / /etc /dev /proc /sys /tmp /root /dev/shm /dev/pts /etc/hosts /etc/hostname /etc/resolv.conf'",
        $"docker run {Fixed} busybox sh -c 'cat /etc/hosts /etc/hostname; readlink /etc/mtab'",
        $"docker run {Fixed} --add-host tug:10.1.2.3 busybox cat /etc/hosts",
        $"docker run {Fixed} --dns 9.9.9.9 --dns-search sea.example --dns-opt ndots:3 busybox cat /etc/resolv.conf | grep -v '^#'",
        $"docker run {Fixed} busybox sh -c 'ulimit -a'",
        $"docker run {Fixed} --ulimit core=0 --ulimit nproc=99:100 busybox sh -c 'ulimit -c; ulimit -u; ulimit -Hu'",
        $"docker run {Fixed} --sysctl net.ipv4.ip_forward=1 busybox cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/net/ipv4/ping_group_range",
        $"docker run {Fixed} --oom-score-adj 500 busybox cat /proc/self/oom_score_adj",
        $"docker run {Fixed} --domainname sea.example busybox sh -c 'cat /proc/sys/kernel/domainname; hostname'",
        $"docker run {Fixed} --pid host busybox sh -c '[ $$ -gt 100 ] && echo host'",
        $"docker run {Fixed} --uts host busybox true",
        "docker run --rm --network none --uts host --hostname x busybox true; echo $?",
        $"docker run {Fixed} --ipc none busybox sh -c 'mount | grep -c /dev/shm'",
        $"docker run {Fixed} -w /a/b busybox sh -c 'pwd; stat -c %a /a'",
        $"docker run {Fixed} --entrypoint /bin/echo busybox -n x",
        $"docker run {Fixed} -v /tmp:/mnt:ro busybox sh -c 'grep \" /mnt \" /proc/self/mountinfo | awk \"{{print \\$6}}\"'",
        $"docker run {Fixed} --mount type=tmpfs,dst=/t,tmpfs-size=1m busybox sh -c 'grep \" /t \" /proc/self/mountinfo | cut -d- -f2' | sed s/,mode=755//",
        $"docker run {Fixed} -i busybox cat < /etc/hostname",
        $"docker run {Fixed} busybox sh -c 'readlink /proc/self/fd/0'",
        $"docker run {Fixed} busybox nosuch 2>&1 | sed -n 's/.*exec: /exec: /p'; docker run {Fixed} busybox nosuch 2>/dev/null; echo $?",
        $"docker run {Fixed} busybox /etc 2>/dev/null; echo $?",
        $"docker run {Fixed} busybox /nowhere/at/all 2>/dev/null; echo $?",
        $"docker run {Fixed} busybox sh -c 'kill -15 1; exit 4'; echo $?",
        $"docker run {Fixed} --memory 5m busybox true; echo $?",
        $"docker run {Fixed} --cap-add NOPE busybox true 2>&1 | tail -n 1; echo $?",
        $"docker run {Fixed} -m 10m --memory-swap 5m busybox true 2>&1 | head -n 1",
        $"docker run {Fixed} -v relative:/x/../y busybox ls -d /y",
        $"docker run {Fixed} -v /x:relative busybox true 2>&1 | head -n 1",
        $"docker run {Fixed} --restart always busybox true; echo $?",
        "docker create --name c-dup busybox >/dev/null; docker create --name c-dup busybox 2>&1 | sed -E 's/[0-9a-f]{64}/ID/'; docker rm c-dup",
        "docker create --name 'bad name' busybox; echo $?",
        "docker start nowhere; docker stop nowhere; docker rm nowhere; docker logs nowhere; docker exec nowhere true; docker wait nowhere; echo $?",
        "docker run -d --name c-exec busybox sleep 99 >/dev/null; docker exec -t c-exec env | sort | grep -v HOSTNAME; docker exec c-exec sh -c 'exit 3'; echo $?; docker exec -w /nope c-exec pwd; echo $?; docker exec c-exec nosuch; docker rm -f c-exec",
        "docker run --name c-out --network none busybox sh -c 'echo a; echo b >&2; exit 2'; docker logs c-out; docker inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.State.Running}} {{.State.OOMKilled}} {{.RestartCount}} {{.Path}} {{.Args}}' c-out; docker start -a c-out; echo $?; docker logs c-out; docker rm c-out",
        $"docker create --name c-state busybox >/dev/null; docker pause c-state 2>&1 | {Messages}; docker unpause c-state 2>&1 | {Messages}; docker kill c-state 2>&1 | {Messages}; docker stop c-state; docker exec c-state true 2>&1 | {Messages}; docker top c-state 2>&1 | {Messages}; docker ps -a --filter name=c-state --format '{{{{.Status}}}} {{{{.Command}}}} {{{{.Ports}}}}'; docker rm c-state",
        "docker run -d --name c-top busybox sleep 99 >/dev/null; docker top c-top -o pid,comm | tail -n +2 | awk '{print $2}'; docker top c-top | head -n 1; docker rm -f c-top",
        "docker history --format '{{.CreatedBy}} {{.Size}} {{.Comment}}' busybox; docker image inspect -f '{{json .Config.Cmd}} {{json .Config.Env}} {{.Architecture}} {{.Os}} {{.RootFS.Type}} {{len .RootFS.Layers}}' busybox",
        "docker image inspect nowhere 2>/dev/null; echo $?; docker rmi nowhere; echo $?",
        "docker container prune -f --filter label=none-such; docker image prune -f --filter label=none-such");

    [Theory, MemberData(nameof(Scripts))]
    public async Task The_same_command_does_the_same(string script)
    {
        if (!DockerDaemon.Installed)
            Assert.Skip("docker.io is not installed");
        var theirs = await RunAsync(script, oracle.Host);
        var ours = await RunAsync(script, shared.Daemon.Host);
        Assert.Equal(Normal(theirs.Text), Normal(ours.Text));
        Assert.Equal(Normal(theirs.ErrorText), Normal(ours.ErrorText));
        Assert.Equal(theirs.ExitCode, ours.ExitCode);
    }

    /// <summary>What Docker saved is loaded and runs here, and the other way round, with the same ID.</summary>
    [Theory]
    [InlineData("outward", "cat")]
    [InlineData("outward", "gzip")]
    [InlineData("home", "cat")]
    [InlineData("home", "zstd")]
    public async Task Images_travel_both_ways(string way, string packed)
    {
        if (!DockerDaemon.Installed)
            Assert.Skip("docker.io is not installed");
        var (from, to) = way == "home" ? (oracle.Host, shared.Daemon.Host) : (shared.Daemon.Host, oracle.Host);
        using var folder = new Scratch();
        string image = $"traveller-{way}:{packed}", archive = folder["image"];
        string id = (await RunAsync($"docker tag busybox {image}; docker save {image} | {packed} > {archive}; docker image inspect -f '{{{{.Id}}}}' {image}; docker rmi {image} >/dev/null", from)).Ok().Line;
        var arrived = (await RunAsync($"docker load -q -i {archive} && docker image inspect -f '{{{{.Id}}}}' {image} && docker run --rm --network none {image} echo arrived; docker rmi {image} >/dev/null", to)).Ok();
        Assert.Equal([$"Loaded image: {image}", id, "arrived"], arrived.Lines);
    }

    /// <summary>Every member Docker's inspect has at API 1.41, ours has too, and of the same kind.</summary>
    [Theory]
    [InlineData("docker create --name c-shape -e A=1 -v /tmp:/t -l a=b --memory 32m busybox >/dev/null; docker inspect c-shape; docker rm c-shape >/dev/null")]
    [InlineData("docker run -d --name c-shape busybox sleep 99 >/dev/null; docker inspect c-shape; docker rm -f c-shape >/dev/null")]
    [InlineData("docker image inspect busybox")]
    [InlineData("docker info --format '[{{json .}}]'")]
    [InlineData("docker version --format '[{{json .Server}}]'")]
    public async Task Inspect_has_the_same_shape(string script)
    {
        if (!DockerDaemon.Installed)
            Assert.Skip("docker.io is not installed");
        using var theirs = JsonDocument.Parse((await RunAsync(script, oracle.Host)).Ok().Output);
        using var ours = JsonDocument.Parse((await RunAsync(script, shared.Daemon.Host)).Ok().Output);
        var missing = new List<string>();
        Compare(theirs.RootElement[0], ours.RootElement[0], "", missing);
        Assert.Empty(missing);
    }

    private static void Compare(JsonElement theirs, JsonElement ours, string path, List<string> differences)
    {
        if (theirs.ValueKind == JsonValueKind.Object && ours.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in theirs.EnumerateObject())
            {
                string at = path + "." + member.Name;
                if (s_ownMatters.Any(own => at.StartsWith(own, StringComparison.Ordinal)))
                    continue;
                if (!ours.TryGetProperty(member.Name, out var value))
                    differences.Add(at + " is missing");
                else
                    Compare(member.Value, value, at, differences);
            }
        }
        else if (Kind(theirs) != Kind(ours))
        {
            differences.Add($"{path} is {Kind(theirs)} in Docker, {Kind(ours)} here");
        }
    }

    private static string Kind(JsonElement element)
        => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? "Boolean" : element.ValueKind.ToString();

    /// <summary>What is Docker's own way of doing it, and what old daemons had.</summary>
    private static readonly string[] s_ownMatters =
    [
        ".GraphDriver.Data", ".NetworkSettings.Networks", ".HostConfig.KernelMemory", ".Containers", ".Plugins", ".RegistryConfig", ".Components", ".DriverStatus",
        ".Swarm", ".Runtimes", ".SecurityOptions", ".Labels", ".Warnings", ".InitBinary", ".ContainerdCommit", ".RuncCommit", ".InitCommit", ".ClientInfo",
        ".SystemStatus", ".DefaultAddressPools", ".KernelMemory", ".ClusterStore", ".ClusterAdvertise", ".Container", ".ContainerConfig", ".VirtualSize", ".Platform", ".BuildTime", ".CDISpecDirs",
    ];

    private static Task<CommandResult> RunAsync(string script, string host)
        => Command.RunAsync("sh", ["-c", script], null, new Dictionary<string, string>
        {
            ["DOCKER_HOST"] = host,
            ["DOCKER_CONFIG"] = "/nonexistent",
            ["DOCKER_API_VERSION"] = "1.41",
        });

    private static string Normal(string text) => Identifier().Replace(text, "ID").Replace("\r", "", StringComparison.Ordinal);

    [GeneratedRegex("[0-9a-f]{64}|[0-9a-f]{12}")]
    private static partial Regex Identifier();
}
