using System.Diagnostics;

namespace Hafen.Bench;

/// <summary>
/// A daemon with many containers, and a monitor that asks it for them once a second: what that costs in processor time and memory.
/// </summary>
internal sealed class ManyContainers(Server? docker, Server hafen)
{
    private const int Count = 1000;
    private const int RivalCount = 100;
    private static readonly TimeSpan s_polled = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(8);
    private static readonly string[] s_asked = ["/v1.41/containers/json?all=1", "/v1.41/images/json", "/v1.41/info"];

    /// <summary>Docker has fewer of them, for it takes minutes to make; its figures are given for so many.</summary>
    public IEnumerable<Row> Measure()
    {
        double rivalTime = double.NaN, rivalMemory = double.NaN;
        if (docker is not null)
        {
            Make(docker, RivalCount);
            rivalTime = Poll(docker);
            rivalMemory = Memory.OfProcess(docker.Pid) + Memory.OfProcessesWith("containerd --config", docker.Folder).MiB;
            Clear(docker, RivalCount);
        }
        Make(hafen, Count);
        Thread.Sleep(s_settled);
        double idle = Memory.OfProcess(hafen.Pid);
        double time = Poll(hafen);
        double polled = Memory.OfProcess(hafen.Pid);
        Clear(hafen, Count);
        yield return new Row($"processor time of a daemon that is polled once a second, {Count} containers (Docker: {RivalCount})", "ms/s", rivalTime, time, "≤ 50 ms/s");
        yield return new Row($"memory of the daemon, {Count} containers (PSS), idle", "MiB", double.NaN, idle, "");
        yield return new Row($"memory of the daemon, {Count} containers (Docker: {RivalCount}) (PSS), polled", "MiB", rivalMemory, polled, "");
    }

    private static void Make(Server server, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Api.Send(server, HttpMethod.Post, $"/v1.41/containers/create?name=many{i}", """{"Image":"busybox","Cmd":["sleep","100000"],"HostConfig":{"NetworkMode":"none"}}""");
            Api.Send(server, HttpMethod.Post, $"/v1.41/containers/many{i}/start", null);
        }
    }

    private static void Clear(Server server, int count)
    {
        for (int i = 0; i < count; i++)
            Api.Send(server, HttpMethod.Delete, $"/v1.41/containers/many{i}?force=1", null);
    }

    /// <summary>Milliseconds of processor time a second.</summary>
    private static double Poll(Server server)
    {
        var clock = Stopwatch.StartNew();
        var before = ProcessorTime(server.Pid);
        while (clock.Elapsed < s_polled)
        {
            foreach (string path in s_asked)
                Api.Get(server, path);
            Thread.Sleep(TimeSpan.FromSeconds(1));
        }
        return (ProcessorTime(server.Pid) - before).TotalMilliseconds / clock.Elapsed.TotalSeconds;
    }

    private static TimeSpan ProcessorTime(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.TotalProcessorTime;
    }
}
