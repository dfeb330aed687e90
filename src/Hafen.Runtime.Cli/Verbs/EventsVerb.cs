using System.Text.Json;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Processes;
using Hafen.Runtime.Cli.Options;
using Hafen.Runtime.Errors;
using Hafen.Runtime.State;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary><c>events [--interval TIME] [--stats] ID</c>: a line of JSON with the counters every interval, and one for each out-of-memory kill, until the container ends.</summary>
internal static unsafe class EventsVerb
{
    public static int Run(GlobalOptions global)
    {
        var options = VerbOptions.Parse(global.Rest, ["stats"], ["interval"]);
        var interval = Interval(options.Value("interval") ?? "5s");
        var stored = global.States.Load(options.Id);
        if (global.States.StatusOf(stored) == ContainerStatus.Stopped)
            throw new RuntimeException(ErrorKind.NotRunning, "events", $"container with id {stored.Id} is not running");
        using var init = Pidfd.Open(stored.Pid);
        using var cgroup = StateFolder.CgroupOf(stored);
        if (options.Has("stats"))
        {
            Print(stored.Id, "stats", cgroup.Stats());
            return 0;
        }

        long kills = cgroup.OomKills();
        while (StateFolder.IsAlive(stored) && !EndsWithin(init.Number, interval))
        {
            for (long now = cgroup.OomKills(); kills < now; kills++)
                Print(stored.Id, "oom", null);
            Print(stored.Id, "stats", cgroup.Stats());
        }

        return 0;
    }

    private static void Print(string id, string type, CgroupStats? stats) => JsonOutput.Print(indented: false, json =>
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("id", id);
        if (stats is not null)
        {
            json.WritePropertyName("data");
            StatsJson.Write(json, stats);
        }

        json.WriteEndObject();
    });

    private static bool EndsWithin(int init, TimeSpan time)
    {
        const int POLLIN = 1;
        int* entry = stackalloc int[] { init, POLLIN };
        long* span = stackalloc long[] { (long)time.TotalSeconds, time.Milliseconds * 1_000_000L };
        return SystemCall.Call(SystemCall.ppoll, (nint)entry, 1, (nint)span) is not (0 or -Errno.EINTR);
    }

    /// <summary>A time as Go writes it, one number and one unit.</summary>
    private static TimeSpan Interval(string text)
    {
        foreach (var (unit, ticks) in ((string, long)[])[("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour)])
        {
            if (text.EndsWith(unit, StringComparison.Ordinal) && int.TryParse(text[..^unit.Length], out int number) && number > 0)
                return new TimeSpan(number * ticks);
        }

        throw new UsageException($"invalid value \"{text}\" for flag --interval");
    }
}
