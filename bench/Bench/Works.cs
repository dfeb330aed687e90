using System.Diagnostics;

namespace Hafen.Bench;

/// <summary>The measurements. Each takes turns between the daemons, so that the machine's moods hit both.</summary>
internal sealed class Works(Server? docker, Server hafen)
{
    private const string Create = """{"Image":"busybox","Cmd":["true"],"HostConfig":{"NetworkMode":"none"}}""";

    public IEnumerable<Row> StartLatency()
    {
        foreach (string network in (string[])["bridge", "none"])
        {
            string[] arguments = ["run", "--rm", "--network", network, "busybox", "true"];
            double rival = Median(docker, 20, s => Shell.Run(s, "docker", arguments));
            double stock = Median(hafen, 20, s => Shell.Run(s, "docker", arguments));
            double own = Median(hafen, 20, s => Shell.Run(s, Executables.Hafen, arguments));
            yield return new Row($"`run --rm busybox true`, {network}, stock CLI", "ms", rival, stock, "≤ 0.15");
            yield return new Row($"`run --rm busybox true`, {network}, `hafen`", "ms", rival, own, "≤ 0.10");
        }
    }

    public IEnumerable<Row> ApiLifeCycle()
    {
        void Cycle(Server server)
        {
            string answer = Api.Send(server, HttpMethod.Post, "/v1.41/containers/create", Create);
            string id = answer.Split('"')[3];
            Api.Send(server, HttpMethod.Post, $"/v1.41/containers/{id}/start", null);
            Api.Send(server, HttpMethod.Post, $"/v1.41/containers/{id}/wait", null);
            Api.Send(server, HttpMethod.Delete, $"/v1.41/containers/{id}", null);
        }
        yield return new Row("API create + start + wait + remove, no network", "ms", Median(docker, 20, Cycle), Median(hafen, 40, Cycle), "≤ 0.08");
    }

    public IEnumerable<Row> Exec()
    {
        foreach (var server in Servers())
            Shell.Run(server, "docker", "run", "-d", "--name", "exec", "busybox", "sleep", "1000");
        double rival = Median(docker, 20, s => Shell.Run(s, "docker", "exec", "exec", "true"));
        double stock = Median(hafen, 20, s => Shell.Run(s, "docker", "exec", "exec", "true"));
        double own = Median(hafen, 20, s => Shell.Run(s, Executables.Hafen, "exec", "exec", "true"));
        foreach (var server in Servers())
            Shell.Run(server, "docker", "rm", "-f", "exec");
        yield return new Row("`exec true`, stock CLI", "ms", rival, stock, "≤ 0.40");
        yield return new Row("`exec true`, `hafen`", "ms", rival, own, "≤ 0.40");
    }

    public IEnumerable<Row> ParallelStarts()
    {
        void Forty(Server server)
            => Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => Shell.Run(server, "docker", "run", "-d", "--name", "p" + i, "busybox", "sleep", "1000"));
        void Clear(Server server) => Shell.Run(server, "docker", ["rm", "-f", .. Enumerable.Range(0, 40).Select(i => "p" + i)]);
        double rival = Median(docker, 1, Forty);
        double own = Median(hafen, 1, Forty);
        Thread.Sleep(1000);
        var monitors = Memory.OfProcessesWith("hafen-runtime monitor", hafen.Folder);
        var shims = Memory.OfProcessesWith("containerd-shim", docker?.Folder ?? "");
        foreach (var server in Servers())
            Clear(server);
        yield return new Row("40 × `run -d` on the bridge, 8 at a time", "ms", rival, own, "");
        yield return new Row("memory of a container's monitor (PSS, 40 of them)", "MiB", docker is null ? double.NaN : shims.MiB / shims.Count, monitors.MiB / monitors.Count, "≤ 1 MB");
    }

    /// <summary>Of daemons that have just started and hold one image.</summary>
    public IEnumerable<Row> FreshMemory()
    {
        Thread.Sleep(1000);
        yield return new Row("memory of the daemon, just started (PSS)", "MiB", DockerMemory(), Memory.OfProcess(hafen.Pid), "≤ 35 MB");
    }

    private double DockerMemory() => docker is null ? double.NaN : Memory.OfProcess(docker.Pid) + Memory.OfProcessesWith("containerd --config", docker.Folder).MiB;

    public IEnumerable<Row> IdleMemory()
    {
        foreach (var server in Servers())
            Shell.Run(server, "docker", "run", "-d", "--name", "idle", "busybox", "sleep", "1000");
        Thread.Sleep(1000);
        var monitor = Memory.OfProcessesWith("hafen-runtime monitor", hafen.Folder);
        var shim = Memory.OfProcessesWith("containerd-shim", docker?.Folder ?? "");
        foreach (var server in Servers())
            Shell.Run(server, "docker", "rm", "-f", "idle");
        yield return new Row("memory of a container's monitor (PSS, one)", "MiB", docker is null ? double.NaN : shim.MiB / shim.Count, monitor.MiB / monitor.Count, "≤ 1 MB");
        yield return new Row("memory of the daemon after this run (PSS)", "MiB", DockerMemory(), Memory.OfProcess(hafen.Pid), "≤ 35 MB");
    }

    public IEnumerable<Row> Logs()
    {
        void Write(Server server)
        {
            Shell.Run(server, "docker", "run", "-d", "--name", "logs", "--network", "none", "busybox", "seq", "1", "500000");
            Shell.Run(server, "docker", "wait", "logs");
        }
        void Read(Server server) => Shell.Run(server, "sh", "-c", "docker logs logs > /dev/null");
        double[] written = [double.NaN, double.NaN], read = [double.NaN, double.NaN];
        foreach (var (server, index) in Servers().Select(s => (s, s == hafen ? 1 : 0)))
        {
            written[index] = Median(server, 3, s => Write(s), after: s => Shell.Run(s, "docker", "rm", "logs"));
            Write(server);
            read[index] = Median(server, 5, Read);
            Shell.Run(server, "docker", "rm", "logs");
        }
        yield return new Row("500,000 log lines written", "ms", written[0], written[1], "≤ 0.50");
        yield return new Row("500,000 log lines read, stock CLI", "ms", read[0], read[1], "≤ 0.25");
    }

    public IEnumerable<Row> Attach()
    {
        foreach (string driver in (string[])["json-file", "none"])
        {
            double[] rate = [double.NaN, double.NaN, double.NaN];
            foreach (var (server, client, index) in Clients())
            {
                int count = server == hafen ? 1024 : 128;
                // Lines of 1,000 characters: text as programs write it, not one endless line.
                string command = $"{client} run --rm --network none --log-driver {driver} busybox sh -c 'head -c 999 /dev/zero | tr \"\\0\" x > /line; echo >> /line; for i in $(seq 1000); do cat /line; done > /big; set --; for i in $(seq 64); do set -- /big \"$@\"; done; i=0; while [ $i -lt {count / 64} ]; do cat \"$@\"; i=$((i+1)); done' > /dev/null";
                double milliseconds = Median(server, 3, s => Shell.Run(s, "sh", "-c", command));
                rate[index] = count / (milliseconds / 1000);
            }
            yield return new Row($"attached stdout, log driver {driver}, stock CLI", "MB/s", rate[0], rate[1], "≥ 500 MB/s");
            yield return new Row($"attached stdout, log driver {driver}, `hafen`", "MB/s", rate[0], rate[2], "≥ 500 MB/s");
        }
    }

    public IEnumerable<Row> LoadAndSave()
    {
        const int Rounds = 5;
        string[] archives = [.. Enumerable.Range(0, Rounds + 1).Select(Images.MakeArchive)];
        string saved = archives[0] + ".saved";
        double[] load = [double.NaN, double.NaN], save = [double.NaN, double.NaN];
        foreach (var (server, index) in Servers().Select(s => (s, s == hafen ? 1 : 0)))
        {
            int next = 0;
            // What the work before has written must not be waited for in the measured time.
            load[index] = Median(server, Rounds, s => Shell.Run(s, "docker", "load", "-i", archives[next++]), before: () => Shell.Run("sync"));
            save[index] = Median(server, Rounds, s => Shell.Run(s, "docker", "save", "-o", saved, "big:0"));
        }
        foreach (var server in Servers())
            Shell.Run(server, "docker", ["rmi", .. Enumerable.Range(0, Rounds + 1).Select(i => "big:" + i)]);
        foreach (string file in (string[])[.. archives, saved])
            File.Delete(file);
        yield return new Row("load an image of 200 MB, 10,000 files", "ms", load[0], load[1], "≤ 0.40");
        yield return new Row("save it", "ms", save[0], save[1], "");
    }

    /// <summary>From the launch of a daemon that was killed to its first answer, with containers that run on; then with some monitors that hang. Docker's containers do not run on.</summary>
    public IEnumerable<Row> Adoption()
    {
        const int Containers = 200, Hung = 20;
        double none = CrashAndStart();
        Parallel.For(0, Containers, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            string answer = Api.Send(hafen, HttpMethod.Post, $"/v1.41/containers/create?name=adopt{i}", """{"Image":"busybox","Cmd":["sleep","100000"],"HostConfig":{"NetworkMode":"none"}}""");
            Api.Send(hafen, HttpMethod.Post, $"/v1.41/containers/{answer.Split('"')[3]}/start", null);
        });
        double all = CrashAndStart();
        int[] stopped = [.. Memory.ProcessesWith("hafen-runtime monitor", hafen.Folder).Take(Hung)];
        foreach (int pid in stopped)
            Shell.Run("kill", "-STOP", pid.ToString());
        double some = CrashAndStart();
        foreach (int pid in stopped)
            Shell.Run("kill", "-CONT", pid.ToString());
        for (int i = 0; i < Containers; i++)
            Api.Send(hafen, HttpMethod.Delete, $"/v1.41/containers/adopt{i}?force=1", null);
        yield return new Row("start of the daemon", "ms", double.NaN, none, "");
        yield return new Row($"start of the daemon with {Containers} running containers", "ms", double.NaN, all, "");
        yield return new Row($"the same, {Hung} of whose monitors are stopped", "ms", double.NaN, some, "as before");

        double CrashAndStart()
        {
            var times = new List<double>();
            for (int round = 0; round < 5; round++)
            {
                hafen.Crash();
                var watch = Stopwatch.StartNew();
                hafen.StartAgain();
                string running = Api.Get(hafen, "/v1.41/info");
                times.Add(watch.Elapsed.TotalMilliseconds);
                if (!running.Contains($"\"ContainersRunning\":{Memory.ProcessesWith("hafen-runtime monitor", hafen.Folder).Count()},", StringComparison.Ordinal))
                    throw new InvalidOperationException("containers were lost: " + running);
            }
            times.Sort();
            return times[times.Count / 2];
        }
    }

    private IEnumerable<Server> Servers() => docker is null ? [hafen] : [docker, hafen];

    private IEnumerable<(Server Server, string Client, int Index)> Clients()
    {
        if (docker is not null)
            yield return (docker, "docker", 0);
        yield return (hafen, "docker", 1);
        yield return (hafen, Executables.Hafen, 2);
    }

    /// <summary>Median milliseconds of an action after one unmeasured round; <paramref name="after"/> is not timed.</summary>
    private static double Median(Server? server, int rounds, Action<Server> action, Action? before = null, Action<Server>? after = null)
    {
        if (server is null)
            return double.NaN;
        var times = new List<double>();
        for (int round = rounds > 1 ? -1 : 0; round < rounds; round++)
        {
            before?.Invoke();
            var watch = Stopwatch.StartNew();
            action(server);
            double elapsed = watch.Elapsed.TotalMilliseconds;
            after?.Invoke(server);
            if (round >= 0)
                times.Add(elapsed);
        }
        times.Sort();
        return times[times.Count / 2];
    }
}
