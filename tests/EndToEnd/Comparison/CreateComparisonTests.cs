using System.Text.RegularExpressions;
using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Comparison;

/// <summary>
/// Odd values of the flags of create, run and update, and of the members behind them, on Docker and on Hafen, with the stock CLI: what each line prints, errors
/// included, must be equal. What the CLI refuses by itself is not here, and neither is what this version answers as newer daemons do, refuses by name, or checks
/// at create where Docker does at start.
/// </summary>
[Collection(DockerDaemon.Collection)]
public sealed partial class CreateComparisonTests(SharedDaemon shared, DockerDaemon oracle)
{
    /// <summary>
    /// <c>c</c> creates a container, tells whether it was made, and removes it; <c>i</c> shows one by a format; <c>r</c> runs one; <c>a</c> posts a body. Each line is run by
    /// itself, in a subshell, with a heading.
    /// </summary>
    private const string Prelude = """
        c() { id=$(docker create "$@") && rc=0 || rc=$?; [ -z "$id" ] || { echo made; docker rm -v "$id" >/dev/null; }; echo "rc $rc"; }
        i() { f=$1; shift; id=$(docker create "$@") && rc=0 || rc=$?; [ -z "$id" ] || { docker inspect -f "$f" "$id"; docker rm -v "$id" >/dev/null; }; echo "rc $rc"; }
        r() { docker run --rm --network none "$@"; echo "rc $?"; }
        a() { curl -s --unix-socket "${DOCKER_HOST#unix://}" -H 'Content-Type: application/json' -d "$1" http://d/v1.41/containers/create; echo; }
        line() { printf '\n> %s\n' "$1"; (eval "$1") 2>&1; }
        while IFS= read -r text; do [ -z "$text" ] || line "$text" </dev/null; done
        """;

    private const string Environment = """
        r -e A busybox env | grep ^A
        A=1 r -e A busybox env | grep ^A=
        r -e A= busybox env | grep ^A
        r -e A=1 -e A=2 busybox env | grep ^A
        r -e 'A B=1' busybox env | grep ^A
        r -e PATH busybox env | grep ^PATH | head -c 5
        r -e HOME= busybox sh -c 'echo "[$HOME]"'
        r -e HOME= -u alice busybox sh -c 'echo "[$HOME]"'
        r -e HOME -u alice busybox sh -c 'echo "[$HOME]"' | sed 's,/root,ROOT,'
        r -e TERM= -t busybox sh -c 'echo "[$TERM]"'
        r -e HOSTNAME=x --hostname y busybox sh -c 'echo $HOSTNAME; hostname'
        printf 'A=1\n#x\nB\n C=3\n\nD=a b\n' > $F/env; B=2 r --env-file $F/env busybox env | grep '^[ABCD]='
        printf '\357\273\277A=1\n' > $F/env; r --env-file $F/env busybox env | grep A=
        """;

    private const string Update = """
        docker create --name c-up busybox >/dev/null; docker update --cpus 1 c-up; docker update --cpu-quota 5000 c-up 2>&1; docker rm c-up
        docker create --name c-up --cpu-quota 5000 busybox >/dev/null; docker update --cpus 1 c-up 2>&1; docker rm c-up
        docker create --name c-up --cpu-quota 5000 busybox >/dev/null; docker update --cpu-quota -1 c-up; docker inspect -f '{{.HostConfig.CpuQuota}}' c-up; docker rm c-up
        docker create --name c-up --pids-limit 5 busybox >/dev/null; docker update --pids-limit 0 c-up; docker inspect -f '{{json .HostConfig.PidsLimit}}' c-up; docker update --pids-limit -1 c-up; docker inspect -f '{{json .HostConfig.PidsLimit}}' c-up; docker update --pids-limit 9 c-up; docker inspect -f '{{json .HostConfig.PidsLimit}}' c-up; docker rm c-up
        docker create --name c-up -m 16m busybox >/dev/null; docker update -m 64m c-up 2>&1; docker update -m 64m --memory-swap 64m c-up; docker update --memory-swap 8m c-up; docker inspect -f '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}' c-up; docker rm c-up
        docker create --rm --name c-up busybox >/dev/null; docker update --restart always c-up 2>&1; docker rm c-up
        docker create --name c-up busybox >/dev/null; docker update c-up; docker update --cpus 99 c-up; docker update --cpus 1 --cpu-period 2000 c-up; docker update nowhere --cpus 1; docker rm c-up
        """;

    private const string Requests = """
        a '{"Image":"busybox","HostConfig":{"PortBindings":{"80/tcp":[]},"NetworkMode":"none"}}'
        a '{"Image":"busybox","HostConfig":{"PortBindings":{"x":null}}}'
        a '{"Image":"busybox","HostConfig":{"PortBindings":{}}}'
        a '{"Image":"busybox","HostConfig":{"PortBindings":null}}'
        a '{"Image":"busybox","Volumes":{"data":{}}}'
        a '{"Image":""}'
        a '{}'
        a '{"Image":"busybox","StopSignal":"SIGNOPE"}'
        a '{"Image":"busybox","WorkingDir":"x"}'
        a '{"Image":"busybox","HostConfig":{"CpusetCpus":"1-42,,"}}'
        a '{"Image":"busybox","HostConfig":{"CpuPercent":5}}'
        a '{"Image":"busybox","HostConfig":{"LogConfig":{"Type":"nope"}}}'
        a '{"Image":"busybox","HostConfig":{"Mounts":[{"Type":"bind","Source":"/tmp","Target":""}]}}'
        a '{"Image":"busybox","HostConfig":{"Mounts":[{"Type":"","Source":"/tmp","Target":"/x"}]}}'
        """;

    private const string Users = """
        c --group-add nope busybox
        r --group-add nope busybox true; echo
        r --group-add staff --group-add 77 --group-add 77 busybox id
        r --group-add 2147483648 busybox true
        r --group-add -1 busybox true
        r -u nope busybox true
        r -u 1000 busybox id
        r -u 1000:nope busybox id
        r -u 2147483648 busybox id
        r -u 4294967296 busybox id
        r -u -1 busybox id
        r -u alice:staff busybox id
        r -u :staff busybox id
        r -u : busybox id
        r -u alice: busybox id
        r -u 0x0 busybox id
        r -u +5 busybox id
        r -u 1:2:3 busybox id
        r -u ' alice' busybox id
        """;

    private const string Limits = """
        c --ulimit nofile=-1 busybox
        c --ulimit nofile=-2 busybox
        i '{{json .HostConfig.Ulimits}}' --ulimit nofile=7 --ulimit core=0:-1 busybox
        r --ulimit nofile=64:64 --ulimit nofile=32:32 busybox sh -c 'ulimit -n'
        c --shm-size 0 busybox
        i '{{.HostConfig.ShmSize}}' --shm-size 1k busybox
        i '{{.HostConfig.ShmSize}}' --shm-size 1.5m busybox
        r --shm-size 1 busybox sh -c 'df -k /dev/shm | tail -n 1 | awk "{print \$2}"'
        c --oom-score-adj 1001 busybox
        c --oom-score-adj -1001 busybox
        c --oom-kill-disable busybox
        c --oom-kill-disable -m 8m busybox
        c --cpuset-cpus 1-42,, busybox
        c --cpuset-cpus 0-1,x busybox
        c --cpuset-cpus , busybox
        c --cpuset-cpus 1-0 busybox
        c --cpuset-cpus 99 busybox
        c --cpuset-cpus -1 busybox
        c --cpuset-cpus 0, busybox
        c --cpuset-cpus ' 0' busybox
        c --cpuset-cpus 0:1 busybox
        c --cpuset-cpus 0-1:1/2 busybox
        c --cpuset-mems 1 busybox
        c --cpuset-mems x busybox
        c --cpuset-cpus 99999999999 busybox
        c -m 0 busybox
        c -m 1 busybox
        c -m 6m busybox
        c -m 1.5g busybox
        c -m 8m --memory-swap -1 busybox
        c -m 8m --memory-swap 7m busybox
        c --memory-swap 8m busybox
        c -m 8m --memory-reservation 9m busybox
        c --memory-reservation 1m busybox
        c --memory-swappiness -1 busybox
        c --memory-swappiness 50 busybox
        c --cpus 0.001 busybox
        c --cpus 99 busybox
        c --cpus -1 busybox
        c --cpus 1 --cpu-period 1000 busybox
        c --cpus 1 --cpu-quota 1000 busybox
        c --cpu-period 999 busybox
        c --cpu-period 1000001 busybox
        c --cpu-quota 999 busybox
        c --cpu-quota -1 busybox
        c --cpu-shares 1 busybox
        c --blkio-weight 5 busybox
        c --blkio-weight 500 busybox
        c --blkio-weight 1001 busybox
        c --blkio-weight-device /dev/null:500 busybox
        c --pids-limit -1 busybox
        i '{{json .HostConfig.PidsLimit}}' --pids-limit -5 busybox
        i '{{json .HostConfig.PidsLimit}}' --pids-limit 0 busybox
        i '{{json .HostConfig.PidsLimit}}' --pids-limit 7 busybox
        """;

    private const string Mounts = """
        c -v : busybox
        c -v /x:/ busybox
        c -v /x:/y:rw,ro busybox
        c -v /x:/y:nope busybox
        c -v /usr:/y:nocopy busybox
        c -v vol-d1:/y:nocopy busybox; docker volume rm vol-d1
        c -v vol-d1:/y:rshared busybox
        c -v x busybox
        c -v a/b:/y busybox
        c -v 'a b:/y' busybox
        c -v A:/y busybox
        c -v .a:/y busybox
        i '{{json .Mounts}}' -v /usr:/y/./z/../w:ro,z,rslave busybox
        i '{{range .Mounts}}{{.Type}} {{.Name}} {{.Destination}} {{.Mode}} {{.RW}} {{.Propagation}}{{end}}' -v vol-d2:/y busybox; docker volume rm vol-d2
        i '{{range .Mounts}}{{.Type}} {{.Destination}} [{{.Mode}}] {{.RW}} [{{.Propagation}}]{{end}}' -v /anon busybox
        i '{{range .Mounts}}{{.Type}} {{.Destination}} [{{.Mode}}] {{.RW}} [{{.Propagation}}]{{end}}' --mount type=volume,dst=/anon busybox
        i '{{range .Mounts}}{{.Type}} {{.Destination}} [{{.Mode}}] {{.RW}} [{{.Propagation}}]{{end}}' --mount type=tmpfs,dst=/t busybox
        i '{{range .Mounts}}{{.Type}} {{.Destination}} [{{.Mode}}] {{.RW}} [{{.Propagation}}]{{end}}' --mount type=bind,src=/usr,dst=/t,readonly busybox
        i '{{json .Mounts}} {{json .HostConfig.Tmpfs}}' --tmpfs /t busybox
        c -v /usr:/y -v /var:/y busybox
        c -v /usr:/y --tmpfs /y busybox
        c -v /usr:/y --mount type=tmpfs,dst=/y busybox
        c --mount type=tmpfs,dst=/y --tmpfs /y busybox
        c --tmpfs /y --tmpfs /y/ busybox
        c --mount type=tmpfs,dst=/y --mount type=tmpfs,dst=/y/ busybox
        c --tmpfs y busybox
        c --tmpfs / busybox
        r --tmpfs /y:nope busybox true 2>&1
        r --tmpfs /y:size=1m,mode=1770,uid=5,gid=6 busybox stat -c '%a %u %g' /y
        r --tmpfs /y:exec,suid,dev,ro busybox sh -c 'grep " /y " /proc/self/mountinfo | cut -d" " -f6'
        r --tmpfs /y:shared busybox sh -c 'grep " /y " /proc/self/mountinfo | cut -d" " -f6- | sed s/:[0-9]*//'
        r --tmpfs /y:rprivate busybox sh -c 'grep " /y " /proc/self/mountinfo | cut -d" " -f6-'
        r --tmpfs /y:rslave busybox sh -c 'grep " /y " /proc/self/mountinfo | cut -d" " -f6-'
        r --tmpfs /y:unbindable busybox sh -c 'grep " /y " /proc/self/mountinfo | cut -d" " -f6-'
        r --tmpfs /y:noatime,nr_inodes=50 busybox sh -c 'grep " /y " /proc/self/mountinfo | cut -d" " -f6-'
        r --tmpfs /y:size=-1 busybox true >/dev/null 2>&1
        r --tmpfs /y:mode=9 busybox true >/dev/null 2>&1
        c --mount type=nope,dst=/y busybox
        c --mount dst=/y busybox
        c --mount type=bind,dst=/y busybox
        c --mount type=bind,src=/nonexistent,dst=/y busybox
        c --mount type=bind,src=rel,dst=/y busybox 2>&1 | sed 's,/[^ ]*/rel,REL,'
        c --mount type=bind,src=/usr,dst=y busybox
        c --mount type=bind,src=/usr,dst=/ busybox
        c --mount type=bind,src=/usr,dst=/y,bind-propagation=nope busybox
        c --mount type=volume,src=/usr,dst=/y busybox
        c --mount type=volume,dst=/y,readonly busybox
        c --mount type=tmpfs,src=x,dst=/y busybox
        c --mount type=npipe,src=/usr,dst=/y busybox
        c --volumes-from nowhere busybox
        c --volumes-from '' busybox
        docker create --name c-vf -v /usr:/h:ro -v /w busybox >/dev/null; i '{{range .Mounts}}{{.Type}} {{.Destination}} [{{.Mode}}] {{.RW}} [{{.Propagation}}]{{println}}{{end}}' --volumes-from c-vf busybox | sort; docker rm -v c-vf
        docker create --name c-vf -v /usr:/h -v /w busybox >/dev/null; i '{{range .Mounts}}{{.Type}} {{.Destination}} [{{.Mode}}] {{.RW}} [{{.Propagation}}]{{println}}{{end}}' --volumes-from c-vf:ro busybox | sort; docker rm -v c-vf
        docker create --name c-vf -v /usr:/h busybox >/dev/null; c --volumes-from c-vf:nope busybox; docker rm -v c-vf
        docker create --name c-vf -v /usr:/h busybox >/dev/null; c --volumes-from c-vf:rslave busybox; docker rm -v c-vf
        docker create --name c-vf -v /usr:/h busybox >/dev/null; c --volumes-from c-vf:nocopy busybox; docker rm -v c-vf
        docker create --name c-vf -v /usr:/h busybox >/dev/null; c --volumes-from c-vf: busybox; docker rm -v c-vf
        docker create --name c-vf --tmpfs /t busybox true >/dev/null; r --volumes-from c-vf busybox sh -c 'grep -c " /t " /proc/self/mountinfo'; docker rm -v c-vf
        r -v vol-d3:/etc busybox sh -c 'grep " /etc" /proc/self/mountinfo | cut -d" " -f5'; docker volume rm vol-d3
        r -v /usr:/etc/passwd busybox true 2>/dev/null
        r -v /etc/hostname:/etc busybox true 2>/dev/null
        r --tmpfs /etc/passwd busybox true >/dev/null 2>&1
        r --dns 1.2.3.4 --dns-search . --dns-opt ndots:5 busybox grep -v '^#' /etc/resolv.conf
        c --read-only --tmpfs /t busybox
        """;

    private const string Volumes = """
        docker volume create -o type=none vo-x; docker volume ls -q --filter name=vo-x
        docker volume create -o type=none -o o=bind vo-x
        docker volume create -o o=bind vo-x
        docker volume create -o device=/usr vo-x
        docker volume create -o size=10m vo-x
        docker volume create -o nope=1 vo-x
        mkdir $F/b; docker volume create -o type=none -o o=bind -o device=$F/b vo-1; docker volume inspect -f '{{json .Options}}' vo-1 | sed "s,$F,F,"; r -v vo-1:/x busybox sh -c 'echo hi >/x/f; ls /x'; r -v vo-1:/x:ro busybox sh -c 'cat /x/f; echo no >/x/f' 2>/dev/null; docker volume rm vo-1; cat $F/b/f
        docker volume create -o type=none -o o=bind -o device=/nonexistent vo-2; docker create --name c-vo --network none -v vo-2:/x busybox >/dev/null; docker start c-vo 2>&1 | sed 's,/[^ ]*/volumes/,V/,g'; docker volume rm vo-2 2>&1; docker rm c-vo; docker volume rm vo-2
        docker volume create -o type=tmpfs -o device=tmpfs -o o=size=1m,uid=1000,mode=700 vo-3; docker run -d --name c-vm --network none -v vo-3:/x busybox sh -c 'echo shared >/x/f; sleep 99' >/dev/null; docker exec c-vm cat /x/f; r -v vo-3:/y busybox sh -c 'cat /y/f; df -k /y | tail -n 1 | cut -c1-30; stat -c "%a %u" /y'; docker volume rm vo-3 2>&1; docker rm -f c-vm; r -v vo-3:/y busybox ls -A /y; docker volume rm vo-3
        docker volume create -o type=tmpfs -o device=tmpfs -o o=nonsense vo-4; r -v vo-4:/y busybox true 2>&1 | sed 's,/[^ ]*/volumes/,V/,g'; docker volume rm vo-4
        mkdir $F/e; docker volume create -o type=none -o o=bind -o device=$F/e vo-5; r -v vo-5:/home/alice busybox stat -c '%a %u' /home/alice; stat -c '%a %u' $F/e; docker volume rm vo-5
        r --mount type=volume,src=vo-6,dst=/x,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=$F busybox touch /x/there; ls $F/there | sed "s,$F,F,"; docker volume inspect -f '{{len .Options}}' vo-6; docker volume rm vo-6
        """;

    private const string Devices = """
        c --device /nonexistent busybox
        r --device /nonexistent busybox true 2>/dev/null
        r --device /etc busybox true 2>&1 | head -n 1
        r --device /dev/null:/dev/x:r busybox sh -c 'ls -l /dev/x | cut -c1-10; cat /dev/x; echo > /dev/x'
        r --device /dev/null:/dev/x busybox sh -c 'ls -l /dev/x | cut -c1-10'
        r --device /dev/net busybox sh -c 'ls /dev/net'
        c --device-cgroup-rule 'c 1:3 rwm' busybox
        c --device-read-bps /dev/nope:1mb busybox
        r --device-read-bps /dev/nope:1mb busybox true >/dev/null 2>&1
        """;

    private const string Security = """
        r --sysctl kernel.msgmax=1 --ipc host busybox true >/dev/null 2>&1
        r --sysctl kernel.panic=1 busybox true >/dev/null 2>&1
        r --sysctl net.ipv4.nope=1 busybox true >/dev/null 2>&1
        r --sysctl kernel.msgmax=9999 busybox cat /proc/sys/kernel/msgmax
        c --security-opt nope=x busybox
        c --security-opt nope:x busybox
        c --security-opt no-new-privileges=maybe busybox
        r --security-opt no-new-privileges:true busybox grep NoNew /proc/self/status
        r --security-opt no-new-privileges=false busybox grep NoNew /proc/self/status
        r --security-opt seccomp:unconfined busybox grep Seccomp: /proc/self/status
        r --security-opt label:disable busybox true
        r --security-opt label=type:x busybox true
        r --security-opt label:type:svirt_apache busybox true
        c --security-opt label=nope busybox
        r --security-opt apparmor=unconfined busybox true
        r --security-opt apparmor:nope busybox true
        r --security-opt systempaths=unconfined busybox sh -c 'mount | grep -c /proc/kcore'
        i '{{json .HostConfig.SecurityOpt}} {{json .HostConfig.MaskedPaths}}' --security-opt systempaths=unconfined busybox
        c --cap-add nope busybox
        c --cap-add all --cap-drop chown busybox
        c --cap-add CAP_SYS_ADMIN --cap-add sys_time busybox
        c --cap-drop nope busybox
        i '{{json .HostConfig.CapAdd}} {{json .HostConfig.CapDrop}}' --cap-add sys_admin --cap-add CAP_SYS_ADMIN --cap-drop ALL busybox
        """;

    private const string Namespaces = """
        c --pid container:nowhere busybox
        r --pid container:nowhere busybox true
        c --ipc container:nowhere busybox
        r --ipc container:nowhere busybox true
        c --userns host busybox
        c --network container: busybox
        c --network container busybox
        c --network container:nowhere busybox
        docker run --rm --network container busybox true 2>&1 | tail -n 3; docker run --rm --network container busybox true >/dev/null 2>&1; echo $?
        docker create --name c-self --pid container:c-self busybox >/dev/null; docker start c-self 2>&1; docker rm c-self
        docker create --name c-self --ipc container:c-self busybox >/dev/null; docker start c-self 2>&1; docker rm c-self
        docker run --rm --network nowhere busybox true; echo $?
        docker create --name c-nn --network nowhere busybox >/dev/null; echo $?; docker start c-nn; echo $?; docker rm c-nn
        docker run --rm --network $(docker network ls -q --filter name=host) busybox ip -o link | wc -l | sed 's/[0-9][0-9]*/some/'
        i '{{.HostConfig.NetworkMode}} {{range $k, $v := .NetworkSettings.Networks}}{{$k}}{{end}}' --network $(docker network ls -q --no-trunc --filter name=none) busybox
        docker run -d --name c-byid --network $(docker network ls -q --filter name=bridge) busybox sleep 99 >/dev/null; docker inspect -f '{{range $k, $v := .NetworkSettings.Networks}}{{$k}} {{len $v.IPAddress}}{{end}} {{len .NetworkSettings.IPAddress}}' c-byid | sed 's/[0-9][0-9]*$/N/; s/ [0-9][0-9]* / N /'; docker rm -f c-byid
        c --network host --hostname x busybox
        c --network container:x --hostname y busybox
        c --network container:x --dns 1.1.1.1 busybox
        c --network container:x --add-host a:1.1.1.1 busybox
        c --network container:x -p 80 busybox
        c --network container:x --expose 80 busybox
        c --network container:x --link y busybox
        docker run --rm --ip 172.17.0.9 busybox true; echo $?
        c --ip nope busybox
        docker run --rm --network-alias a busybox true; echo $?
        r --add-host a:::1 --add-host b:1.2.3.4 busybox grep -E '[ 	][ab]$' /etc/hosts
        r --add-host gw:host-gateway busybox grep -c gw /etc/hosts
        r --dns-opt '' busybox true
        c --hostname a_b busybox
        r --hostname '' busybox true
        r --hostname aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa busybox hostname 2>/dev/null
        c --domainname '' busybox
        c --init --pid host busybox
        """;

    private const string Other = """
        c --stop-signal NOPE busybox
        c --stop-signal 0 busybox
        c --stop-signal 65 busybox
        c --stop-signal -1 busybox
        i '{{.Config.StopSignal}}' --stop-signal sigterm busybox
        i '{{.Config.StopSignal}}' --stop-signal RTMIN+3 busybox
        i '{{json .Config.StopTimeout}}' --stop-timeout -1 busybox
        i '{{json .Config.Healthcheck}}' --health-cmd true --health-interval 1s --health-retries 2 --health-start-period 1m --health-timeout 3s busybox
        c --health-interval 1us busybox
        i '{{json .Config.Healthcheck}}' --no-healthcheck busybox
        i '{{json .Config.Labels}}' --label a --label b= --label c=d=e busybox
        i '{{json .HostConfig.RestartPolicy}}' --restart on-failure:3 busybox
        i '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.MemoryReservation}} {{json .HostConfig.MemorySwappiness}}' -m 8m busybox
        r -w rel busybox true
        c -w rel busybox
        i '{{.Config.WorkingDir}}' -w /a/../b/ busybox
        r -w /etc/passwd busybox true 2>/dev/null
        c --name '' busybox
        c --name a busybox
        c --name /c-slash busybox
        c --name 'a/b' busybox
        i '{{.HostConfig.Runtime}}' --runtime runc busybox
        i '{{.HostConfig.Runtime}}' --runtime io.containerd.runc.v2 busybox
        i '{{.HostConfig.Isolation}}' --isolation default busybox
        c --storage-opt size=1g busybox 2>&1 | sed 's/overlay2/overlay/'
        c --log-driver nope busybox
        c --log-driver none busybox
        c --log-opt nope=1 busybox
        c --log-opt max-size=-1 busybox
        c --log-opt mode=nope busybox
        c --log-opt max-buffer-size=x busybox
        c --expose 0 busybox
        i '{{json .Config.ExposedPorts}}' --expose 80 --expose 81/udp --expose 90-92 busybox
        c --cgroup-parent ../../X busybox
        r --cgroup-parent ../../$G/x busybox sh -c 'sed -n "s,.*:pids:,,p" /proc/1/cgroup' | sed "s/$G/G/"; rmdir /sys/fs/cgroup/*/$G/x /sys/fs/cgroup/*/$G /sys/fs/cgroup/$G/x /sys/fs/cgroup/$G 2>/dev/null
        r --cgroup-parent /x/../$G busybox sh -c 'sed -n "s,.*:pids:,,p" /proc/1/cgroup' | sed "s/$G/G/"; rmdir /sys/fs/cgroup/*/$G/x /sys/fs/cgroup/*/$G /sys/fs/cgroup/$G/x /sys/fs/cgroup/$G 2>/dev/null
        i '{{.HostConfig.CgroupParent}}' --cgroup-parent ../../X busybox
        c --platform linux busybox
        c --entrypoint '' busybox
        r --entrypoint '' busybox true
        r --entrypoint /bin/echo busybox
        r --detach-keys nope busybox true
        r -i --detach-keys ctrl-A busybox true </dev/null
        r -i --detach-keys CTRL-a busybox true </dev/null
        r -i --detach-keys del busybox true </dev/null
        r -i --detach-keys ctrl-1 busybox true </dev/null
        """;

    public static TheoryData<string, string> Topics => new()
    {
        { "environment", Environment },
        { "update", Update },
        { "requests", Requests },
        { "users", Users },
        { "limits", Limits },
        { "mounts", Mounts },
        { "volumes", Volumes },
        { "devices", Devices },
        { "security", Security },
        { "namespaces", Namespaces },
        { "other", Other },
    };

    [Theory, MemberData(nameof(Topics))]
    public async Task Odd_values_are_answered_as_docker_answers_them(string topic, string lines)
    {
        if (!DockerDaemon.Installed)
            Assert.Skip("docker.io is not installed");
        var theirs = RunAsync(lines, oracle.Host);
        var ours = RunAsync(lines, shared.Daemon.Host);
        var expected = await theirs;
        var actual = await ours;
        string[] differences = expected.Keys.Where(line => actual.GetValueOrDefault(line) != expected[line])
            .Select(line => $"{line}\nDocker:\n{expected[line]}\nHafen:\n{actual.GetValueOrDefault(line)}").ToArray();
        Assert.True(differences.Length == 0, $"{topic}: {differences.Length} of {expected.Count} lines differ\n\n{string.Join("\n\n", differences)}");
        Assert.Equal(lines.Split('\n').Distinct().Count(), expected.Count);
    }

    /// <summary>What each line printed.</summary>
    private static async Task<Dictionary<string, string>> RunAsync(string lines, string host)
    {
        using var folder = new Scratch();
        var result = await Command.RunAsync("sh", ["-c", Prelude], System.Text.Encoding.UTF8.GetBytes(lines + "\n"), new Dictionary<string, string>
        {
            ["DOCKER_HOST"] = host,
            ["DOCKER_CONFIG"] = "/nonexistent",
            ["DOCKER_API_VERSION"] = "1.41",
            ["F"] = folder.Path,
            // A cgroup of this test's own.
            ["G"] = System.IO.Path.GetFileName(folder.Path),
        }, TimeSpan.FromMinutes(5));
        return Normal(result.Text).Split("\n> ", StringSplitOptions.RemoveEmptyEntries).ToDictionary(static part => part.Split('\n')[0], static part => part[(part.IndexOf('\n') + 1)..], StringComparer.Ordinal);
    }

    /// <summary>Identifiers differ, and newer daemons begin their messages with a small letter.</summary>
    private static string Normal(string text)
        => Sentence().Replace(Identifier().Replace(text, "ID").Replace("\r", "", StringComparison.Ordinal), match => match.Value.ToLowerInvariant());

    [GeneratedRegex("[0-9a-f]{64}|[0-9a-f]{12}")]
    private static partial Regex Identifier();

    [GeneratedRegex("(daemon: |\"message\":\"|container ID: )[A-Z]")]
    private static partial Regex Sentence();
}
