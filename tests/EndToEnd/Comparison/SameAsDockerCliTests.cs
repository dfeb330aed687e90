using System.Text.RegularExpressions;
using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Comparison;

/// <summary>
/// One command line, once with the stock docker CLI and once with hafen, against the same daemon: the same output, the same messages, the same
/// exit code. What differs by intention (the program's name and version, help texts) is left out or made equal.
/// </summary>
public sealed partial class SameAsDockerCliTests(CliWorld world) : IClassFixture<CliWorld>
{
    /// <summary>Each line is a script in an empty folder; <c>$D</c> is the client.</summary>
    public static TheoryData<string> Lines { get; } = StockClient.Rows(
    [
        .. """
           $D nosuch
           $D container nosuch
           $D run
           $D create
           $D start
           $D stop
           $D exec
           $D exec running
           $D attach running exited
           $D logs
           $D logs a b
           $D ps x
           $D rename running
           $D tag a
           $D inspect
           $D history
           $D events x
           $D load x
           $D help run x; true
           $D --nosuch ps
           $D -z ps
           $D ps --nosuch
           $D ps -az
           $D ps -n x
           $D ps -n
           $D ps --all=maybe
           $D ps --filter
           $D ps --filter x
           $D run -im
           $D run --rm=maybe busybox
           $D run --memory abc busybox
           $D run --memory -1 busybox
           $D run --memory 5x busybox
           $D run --memory-swappiness 101 busybox
           $D run --cpus x busybox
           $D run --cpus 0.0000000001 busybox
           $D run --cpu-shares 99999999999999999999 busybox
           $D run --pids-limit x busybox
           $D run --blkio-weight 70000 busybox
           $D run --blkio-weight-device /dev/x:5 busybox
           $D run --device-read-bps /dev/x:y busybox
           $D run --device-write-iops /dev/x:-1 busybox
           $D run --ulimit nofile busybox
           $D run --ulimit nosuch=1 busybox
           $D run --ulimit nofile=a busybox
           $D run --ulimit nofile=2:1 busybox
           $D run --ulimit nofile=-1:2 busybox
           $D run --device x busybox
           $D run --device /dev/null:/x:zz busybox
           $D run --device-cgroup-rule x busybox
           $D run --gpus x busybox
           $D run --gpus foo=bar busybox
           $D run --gpus all,all busybox
           $D run --gpus all --rm busybox true
           $D run --mount x busybox
           $D run --mount type=bind busybox
           $D run --mount type=bind,src=/tmp,dst=/x,foo=1 busybox
           $D run --mount type=bind,src=/tmp,dst=/x,volume-nocopy busybox
           $D run --mount type=bind,src=/tmp,dst=/x,bind-recursive=foo busybox
           $D run --mount type=bind,src=/tmp,dst=/x,bind-recursive=writable busybox
           $D run --mount type=bind,src=/nosuch,dst=/x --rm busybox true
           $D run --mount type=bind,src=/tmp,dst=x --rm busybox true
           $D run --mount type=tmpfs,dst=/x,tmpfs-mode=999 busybox
           $D run --mount 'type=tmpfs,dst="/a' busybox
           $D run --mount type=tmpfs,dst=/x,tmpfs-mode=1777 --network none --rm busybox stat -c %a /x
           $D run --mount type=bind,src=/tmp,dst=/x,bind-nonrecursive --network none --rm busybox ls -d /x
           $D run -v '' busybox
           $D run -v :/x busybox
           $D run -v /tmp:/x:foo --rm busybox true
           $D run -v rel --rm busybox true
           mkdir rel; touch rel/f; $D run -v ./rel:/y --network none --rm busybox ls /y
           $D run --tmpfs /x:size=1m,mode=700 --network none --rm busybox stat -c %a /x
           $D run --volumes-from nosuch --rm busybox true
           $D run -e '' busybox
           A=5 $D run --network none -e A -e B= -e C --rm busybox sh -c 'env | grep -E "^[ABC]=" | sort'
           $D run --network none -e PATH -e HOSTNAME --rm --entrypoint /bin/env busybox
           $D run --network none --ulimit nofile=9 --ulimit nofile=7:8 --ulimit core=0 --rm busybox sh -c 'ulimit -Sn; ulimit -Hn'
           $D run --env-file nosuch busybox
           $D run --env-file '' busybox
           $D run --env-file / busybox
           printf 'A=1\n#c\n\n B=2\nD=a=b\r\n' > f; $D run --network none --rm --env-file f busybox sh -c 'env | grep -E "^[ABD]=" | sort'
           printf '\357\273\277A=1\nB=2' > f; $D run --network none --rm --env-file f busybox sh -c 'env | grep -E "^[AB]=" | sort'
           printf 'E = 5\n' > f; $D run --rm --env-file f busybox env
           printf '=x\n' > f; $D run --rm --env-file f busybox env
           printf 'A\377=x\n' > f; $D run --rm --env-file f busybox env
           printf 'a=1\nc=d=e\n' > f; $D create --name lf --label-file f -l a=2 -l z busybox; $D inspect -f '{{json .Config.Labels}}' lf; $D rm lf
           $D run -l '' busybox
           $D run --annotation a busybox
           $D run --sysctl foo=1 busybox
           $D run --security-opt x busybox
           $D run --security-opt seccomp=nosuch busybox
           $D run --security-opt seccomp=/ busybox
           $D run --security-opt no-new-privileges --network none --rm busybox grep NoNewPrivs /proc/self/status
           $D run --storage-opt x busybox
           $D run --log-driver none --log-opt a=b busybox
           $D run --log-driver nosuch --rm busybox true
           $D run --restart nosuch --rm busybox
           $D run --restart on-failure:x busybox
           $D run --restart always --rm busybox
           $D run --health-cmd x --no-healthcheck busybox
           $D run --health-interval -1s busybox
           $D run --health-interval 1 busybox
           $D run --health-retries -1 busybox
           $D run --mac-address x busybox
           $D run --ip x busybox
           $D run --link a:b:c busybox
           $D run --network foo=bar busybox
           $D run --network nosuch --rm busybox true
           $D run --network container:nosuch --rm busybox true
           $D run --network host --network none --rm busybox true
           $D run --network name=bridge,alias=x --rm busybox true
           $D run --net-alias x --rm busybox true
           $D run -p x busybox
           $D run -p 70000:80 busybox
           $D run -p 1-2:3-5 busybox
           $D run -p 80/foo busybox
           $D run -p 'published=80,x' busybox
           $D run --expose 1:2 busybox
           $D run --expose 2-1 busybox
           $D run --expose x busybox
           $D run --expose 70000 busybox
           $D run --dns x busybox
           $D run --dns 8.8.8.8 --dns 127.0.0.1 --dns ::1 --network none --rm busybox true
           $D run --dns-search a..b busybox
           $D run --add-host x busybox
           $D run --add-host a:1.2.3 busybox
           $D run --add-host 'a:[::1]' --network none --rm busybox grep -w a /etc/hosts
           $D run --pid x busybox
           $D run --ipc x busybox
           $D run --uts x busybox
           $D run --userns x busybox
           $D run --cgroupns x busybox
           $D run --group-add nosuch --rm busybox true
           $D run -u nosuch --rm busybox true
           $D run -w rel --rm busybox pwd
           $D run --platform x --rm busybox true
           $D run --platform a/b/c/d --rm busybox true
           $D run --platform linux/arm64 --rm --pull never busybox true
           DOCKER_DEFAULT_PLATFORM=linux/arm64 $D run --rm --pull never busybox true
           $D run --pull x busybox
           $D run --pull never --rm nosuch true
           $D run --stop-signal x --rm busybox true
           $D run --shm-size x busybox
           $D run --cap-add x --rm busybox true
           $D run -a x busybox
           $D run -d -a stdout busybox true
           $D run --name 'a b' --rm busybox true
           $D run --name exited --rm busybox true
           $D run --rm BAD
           $D run --rm '' true
           $D run --network none --rm busybox sh -c 'echo a; echo b >&2; exit 9'
           $D run --network none -a stderr --rm busybox sh -c 'echo a; echo b >&2'
           $D run --network none --rm busybox nosuch
           $D run --network none --rm busybox /etc
           $D run --network none --rm busybox sh -c 'exit 300'
           $D run --network none --rm --init busybox sh -c 'kill -9 $$'
           $D run -it --rm busybox true
           echo hi | $D run --network none -i --rm busybox cat
           echo hi | $D run --network none --rm busybox cat
           $D run --network none -i --rm busybox cat <&-
           $D run --network none -i --rm busybox cat < /etc/hostname
           $D run --network none --rm busybox sh -c 'echo x; exit 3' >/dev/full; echo $?
           $D run --network none --cidfile f --rm busybox true; wc -c < f
           touch f; $D run --cidfile f --rm busybox true
           $D run --cidfile / --rm busybox true
           $D run --cidfile f --rm --pull never nosuch true; ls
           $D run --network none --rm -- busybox echo -x
           $D start nosuch; $D start nosuch running nosuch2
           $D start -a running exited
           $D start ''
           $D start --detach-keys foo running
           $D stop nosuch nosuch2
           $D stop -t x running
           $D stop ''
           $D stop exited
           $D restart nosuch
           $D kill exited
           $D kill -s FOO running
           $D kill -s '' nosuch
           $D kill nosuch exited nosuch2
           $D pause exited; $D pause paused
           $D unpause running
           $D wait nosuch; $D wait exited nosuch exited
           $D wait ''
           $D attach exited; $D attach paused; $D attach nosuch; $D attach ''
           $D exec nosuch true; $D exec exited true; $D exec paused true
           $D exec running nosuch; echo $?; $D exec running /etc; echo $?; $D exec running sh -c 'exit 7'; echo $?
           $D exec -it running tty
           $D exec -t running tty
           echo hi | $D exec -i running cat
           $D exec -i running cat <&-
           echo hi | $D exec running cat
           $D exec -d running true
           $D exec -u nosuch running true
           $D exec -u 5:6 -w /tmp -e A=1 running sh -c 'id; pwd; echo $A'
           $D exec -w /nosuch running pwd
           $D exec --env-file nosuch running env
           $D exec running sh -c 'echo out; echo err >&2'
           $D rename nosuch x; $D rename exited running; $D rename exited ''
           $D rm nosuch running paused; $D rm -f nosuch; $D rm ''
           $D top running -o pid,comm | sed 's/[0-9]//g'; $D top exited
           $D logs exited
           $D logs -t exited | wc -l
           $D logs --tail 1 exited; $D logs -n 0 exited; $D logs --tail x exited
           $D logs --since x exited
           $D logs --since 2099-01-02 exited; $D logs --until 2013-01-02T13:23:37Z exited
           $D logs -f exited
           $D logs nosuch
           $D logs created
           $D run --network none --name piped busybox seq 1 5000 >/dev/null; $D logs piped | head -n 2; $D logs piped | tail -n 1; $D rm piped
           $D ps
           $D ps -a
           $D ps -aq --no-trunc
           $D ps -as
           $D ps -l; $D ps -n 2; $D ps -n -5
           $D ps -a --filter status=exited --filter status=paused --format '{{.Names}}'
           $D ps -a --filter 'name=^(exited|rich)$' --format '{{.Names}}'
           $D ps -a --filter label=a --filter 'label!=b' --format '{{.Names}}'
           $D ps -a --filter exited=3 --format '{{.Names}}'; $D ps -a --filter exited=x
           $D ps -a --filter status=nosuch
           $D ps -a --filter nosuch=1
           $D ps -a --filter before=running --format '{{.Names}}'; $D ps -a --filter since=nosuch
           $D ps -a --filter volume=vol5 --format '{{.Names}}'; $D ps -a --filter expose=77 --format '{{.Names}}'
           $D ps -a --format json
           $D ps -a --format '{{json .}}'
           $D ps -a --format '{{.ID}} {{.Image}} {{.Command}} {{.Ports}} {{.State}} {{.Size}} {{.Names}} {{.Labels}} {{.Mounts}} {{.Networks}} {{.LocalVolumes}}'
           $D ps -a --format 'table {{.Names | upper}}\t{{truncate .ID 3}}\t{{.Label "com.foo-bar_x"}}'
           $D ps -a --format raw; $D ps -aq --format raw
           $D ps -a --format '{{.Foo}}'; $D ps -a --format '{{'; $D ps -a --format '{{nosuch .Names}}'
           $D ps -a --format '{{if eq .Names "exited"}}one{{else if eq .Names "rich"}}two{{else}}x{{end}}'
           $D ps -a --format '{{printf "%5s|%-9s|%05d|%x|%t|%q" .State .Names 42 255 true .Image}}'
           $D ps -a --format '{{$x := .Names}}{{$x | lower | printf "%s!"}} {{len .Names}} {{join (split .Names "") "-"}}'
           $D ps -a --format '{{- .Names -}} {{/* c */}}{{pad .State 1 2}}|{{title .State}}'
           $D ps -q --format '{{.Names}}'
           $D images; $D images -q; $D images --digests; $D images --no-trunc
           $D images busy*; $D images nosuch; $D images --filter dangling=x; $D images --filter reference=busy*
           $D images --format '{{.Repository}} {{.Tag}} {{.ID}} {{.Digest}} {{.Size}} {{.SharedSize}}'; $D images --format '{{.Foo}}'
           $D images --format raw; $D images -q --format raw; $D images --format 'table {{.Repository}}\t{{.Digest}}'
           $D history busybox; $D history -q busybox; $D history --format '{{.CreatedBy}} {{.Size}} {{.Comment}}' busybox; $D history nosuch
           $D history --platform x/y/z/a busybox
           $D inspect rich
           $D inspect running exited busybox
           $D container inspect -s exited; $D image inspect busybox
           $D inspect nosuch; $D inspect exited nosuch; $D inspect ''
           $D inspect --type image exited; $D inspect --type nosuch exited; $D inspect --type '' exited
           $D inspect -f '{{.Name}}' exited running nosuch
           $D inspect -f '{{.Nosuch}}' exited; $D inspect -f '{{' exited
           $D inspect -f '{{json .Config.Labels}} {{.Config.Labels}} {{index .Config.Labels "a"}}{{index .Config.Labels "zz"}}' rich
           $D inspect -f '{{range .Mounts}}{{.Type}} {{.Destination}} {{.RW}}{{println}}{{end}}{{.HostConfig.Binds}} {{.HostConfig.Memory}}' rich
           $D inspect -f '{{join .Config.Env ","}} {{len .Config.Env}} {{index .Config.Env 0}} {{.Config.Healthcheck}} {{.Config.StopTimeout}}' rich
           $D inspect -f '{{.Config.Labels.zz}} {{.NetworkSettings.Networks.zz.IPAddress}} {{.Config.Volumes.zz}} {{.HostConfig.LogConfig.Config.zz}}' rich
           $D inspect -f '{{if not .State.Running}}down{{else}}up{{end}} {{or .Config.User "root"}} {{printf "%.7s" .Name}} {{with .State}}{{.Status}}{{end}}' exited running
           $D inspect -f '{{range .Config.Env}}{{if eq (index (split . "=") 0) "PATH"}}{{.}}{{end}}{{end}}{{(index .Mounts 0).Type}}' rich
           $D inspect -f '{{.SizeRw}}' exited; $D inspect -s -f '{{.SizeRootFs}}' exited
           $D image inspect nosuch; $D image inspect --platform x/y/z/a busybox
           $D inspect bridge | head -n 5; $D inspect -f '{{.Name}} {{.Driver}}' host
           $D tag nosuch x; $D tag busybox BAD; $D tag BAD x; $D tag '' x; $D tag busybox x:y:z
           $D tag busybox tt:1; $D tag busybox tt:2; $D rmi tt:1 nosuch tt:2; echo $?
           $D rmi nosuch; $D rmi -f nosuch; $D rmi BAD; $D rmi busybox
           $D save nosuch; $D save -o /nosuch/x busybox; $D save --platform x/y/z/a busybox
           $D save busybox >/dev/full
           $D save busybox > f; $D load -i f; $D load -qi f; $D load < f; head -c 50000 f | $D load; gzip < f | $D load
           $D load -i nosuch; $D load < /dev/null; echo garbage | $D load; $D load --platform x/y/z/a
           tar c -C /etc hostname 2>/dev/null | $D import -m hello -c 'CMD ["x"]' -c 'ENV A=b' - imp:1 | wc -c; $D inspect -f '{{.Config.Cmd}} {{.Config.Env}} {{.Comment}}' imp:1; $D rmi imp:1
           tar c -C /etc hostname 2>/dev/null | $D import -c 'FOO x' - imp:1; tar c -C /etc hostname 2>/dev/null | $D import - BAD; $D import nosuch
           $D container prune -f --filter label=nosuch; $D container prune -f --filter until=x; $D container prune -f --filter nosuch=x
           echo n | $D container prune; echo x | $D image prune; echo | $D image prune -a
           $D create --name pr -l pr=1 busybox >/dev/null; echo ' Y ' | $D container prune --filter label=pr=1
           $D image prune -f --filter label=x; $D image prune -f --filter dangling=x
           $D system df; $D system df --format json; $D system df -v; $D system df --format '{{.Foo}}' 2>/dev/null; echo $?
           $D events --since 1 --until 2; $D events --since 1 --until 2 --format '{{'; $D events --since 1 --until 2 --filter x
           $D info --format '{{.Driver}} {{.NCPU}} {{.ServerVersion}} {{json .Containers}} {{range .SecurityOptions}}{{.}} {{end}}{{.ClientInfo.Context}}'; $D info --format '{{'
           $D version --format '{{.Server.Version}} {{.Server.APIVersion}} {{.Server.Os}}/{{.Server.Arch}} {{range .Server.Components}}{{.Name}} {{end}}{{.Client.Os}} {{.Client.Context}}'
           $D -H unix:///nosuch ps; $D -H unix:///nosuch run busybox; $D -H unix:///nosuch exec a b; $D -H unix:///nosuch images; $D -H unix:///nosuch events
           $D -H unix:///nosuch version --format '{{.Server.Version}}'; $D -H unix:///nosuch version --format '{{.Client.Os}}'
           $D -H tcp://127.0.0.1:1 ps; $D -H 127.0.0.1:1 ps; $D -H :1 ps; $D -H foo://x ps
           $D -H unix:///a -H unix:///b ps
           $D -H unix:///a --context b ps
           $D -l nosuch ps
           DOCKER_API_VERSION=1.40 $D version --format '{{.Client.APIVersion}}'; DOCKER_API_VERSION=1.99 $D ps -q; DOCKER_API_VERSION=1.10 $D ps -q
           H=$HAFEN_HOST; unset DOCKER_HOST HAFEN_HOST; DOCKER_CONTEXT=nosuch $D ps; $D --context nosuch ps
           HOME=$PWD; export HOME; unset DOCKER_CONFIG; H=$DOCKER_HOST; unset DOCKER_HOST HAFEN_HOST; docker context create here --docker host=$H >/dev/null; DOCKER_CONTEXT=here $D ps -aq; $D --context here ps -q; docker context use here >/dev/null 2>&1; $D ps -q; $D version --format '{{.Client.Context}}'
           """.Split('\n'),
    ]);

    [Theory, MemberData(nameof(Lines))]
    public async Task Both_clients_do_the_same(string line)
    {
        StockClient.Require();
        var theirs = await RunAsync(line, "docker");
        var ours = await RunAsync(line, Daemon.Executable("hafen"));
        Assert.Equal(theirs.ErrorText, ours.ErrorText);
        Assert.Equal(theirs.Text, ours.Text);
        Assert.Equal(theirs.ExitCode, ours.ExitCode);
    }

    public static TheoryData<string> Commands { get; } = StockClient.Rows(
    [
        .. """
           run,create,start,stop,restart,kill,pause,unpause,wait,attach,exec,logs,ps,inspect,top,rename,rm,rmi,images,load,save,import,tag,history,events,info,version,
           container ls,container prune,container inspect,image ls,image prune,image inspect,image rm,system prune,system df,system events,system info
           """.Replace("\n", "", StringComparison.Ordinal).Split(','),
    ]);

    /// <summary>Docker's options that this version refuses by name, and what is shown for Windows daemons only.</summary>
    private static readonly HashSet<string> s_notOurs =
        ["--tree", "--use-api-socket", "--checkpoint string", "--checkpoint-dir string", "--disable-content-trust"];

    [Theory, MemberData(nameof(Commands))]
    public async Task Help_names_the_same_options(string command)
    {
        StockClient.Require();
        var theirs = await RunAsync($"$D {command} --help", "docker");
        var ours = await RunAsync($"$D {command} --help", Daemon.Executable("hafen"));
        Assert.Equal(theirs.Lines[0], ours.Lines[0]);
        Assert.Equal(Options(theirs.Text).Except(s_notOurs), Options(ours.Text));
        Assert.Equal(0, ours.ExitCode);
    }

    private static IEnumerable<string> Options(string help) => Option().Matches(help).Select(match => match.Groups[1].Value.TrimStart()).Order(StringComparer.Ordinal);

    private async Task<CommandResult> RunAsync(string script, string client)
    {
        string folder = TestRun.NewFolder("cli");
        try
        {
            var result = await Command.RunAsync("sh", ["-c", "cd \"$1\"; D=$0\n" + script, client, folder], null, new Dictionary<string, string>
            {
                ["DOCKER_HOST"] = world.Daemon.Host,
                ["HAFEN_HOST"] = world.Daemon.Host,
                ["DOCKER_CONFIG"] = "/nonexistent",
                ["HAFEN_CONFIG"] = "",
                ["HOME"] = "/nonexistent",
                ["TZ"] = "UTC",
            });
            return result with { Output = Bytes(Normal(result.Text, folder)), Error = Bytes(Normal(result.ErrorText, folder)) };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    /// <summary>Names of the programs are the same, and so are identifiers, points in time and ages, which differ from run to run.</summary>
    private static string Normal(string text, string folder)
    {
        text = text.Replace(Daemon.Executable("hafen"), "docker", StringComparison.Ordinal).Replace(folder, "FOLDER", StringComparison.Ordinal)
            .Replace("hafen", "docker", StringComparison.Ordinal).Replace("Hafen", "Docker", StringComparison.Ordinal);
        text = Age().Replace(PointInTime().Replace(Identifier().Replace(text, "ID"), "TIME"), "AGE");

        // An age that grew by a letter between the two runs makes its column wider; how columns are laid out is for the unit tests.
        return Padding().Replace(text, "   ");
    }

    [GeneratedRegex(@"^ +((?:-\w, |    )--[\w-]+(?: [\w-]+)?)", RegexOptions.Multiline)]
    private static partial Regex Option();

    [GeneratedRegex(@"\b[0-9a-f]{64}\b|\b[0-9a-f]{12}\b")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d| [+-]\d{4} \w+)?")]
    private static partial Regex PointInTime();

    [GeneratedRegex(" {3,}")]
    private static partial Regex Padding();

    [GeneratedRegex(@"(About an?|Less than a|\d+) (second|minute|hour)s?( ago)?( +)?")]
    private static partial Regex Age();
}
