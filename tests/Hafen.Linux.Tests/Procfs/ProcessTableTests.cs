using System.Diagnostics;
using Hafen.Linux.Procfs;

namespace Hafen.Linux.Tests.Procfs;

/// <summary>The same processes listed by us and by this machine's <c>ps</c>.</summary>
public sealed class ProcessTableTests : IDisposable
{
    private readonly List<Process> _processes = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("hafen-ps-").FullName;

    public ProcessTableTests()
    {
        Start("exec sleep 600");
        Start("exec nice -n 5 sleep 601");
        Start("read x; echo 'two  words' | cat; sleep 1");
        Start($"cp /bin/sleep '{_folder}/hafen (od) d'; exec '{_folder}/hafen (od) d' 602");
        Start("exec setsid sleep 603");
        Start("exec nice -n -5 setpriv --reuid 65534 --clear-groups sleep 604");
        // Every one has become what it will be, and sleeps: what it does until then is another process's name, nice value or session.
        string[] last = ["sleep 600", "sleep 601", "sh -c", $"{_folder}/hafen (od) d 602", "sleep 603", "sleep 604"];
        Assert.True(SpinWait.SpinUntil(() => Enumerable.Range(0, last.Length).All(i => HasBecome(_processes[i].Id, last[i])), TimeSpan.FromSeconds(60)));
    }

    private static bool HasBecome(int pid, string commandLine) =>
        File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ').Contains(commandLine, StringComparison.Ordinal)
        && ProcessStat.TryRead(pid, out var stat) && stat.State == 'S';

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("-ef")]
    [InlineData("-e")]
    [InlineData("aux")]
    [InlineData("auxww")]
    [InlineData("-aux")]
    [InlineData("ax")]
    [InlineData("-x")]
    [InlineData("-eF")]
    [InlineData("-el")]
    [InlineData("-ely")]
    [InlineData("-elf")]
    [InlineData("-ej")]
    [InlineData("-ejf")]
    [InlineData("l")]
    [InlineData("j")]
    [InlineData("-o pid,comm")]
    [InlineData("-eo pid,ppid,user,args")]
    [InlineData("axo pid,stat,tty,ni,pri,cmd")]
    [InlineData("-o pid=PID -o comm=Name")]
    [InlineData("-o user:4,pid,uid,gid,group,ruser,suid")]
    [InlineData("-o pid,start,bsdstart,stime,start_time,time,times,bsdtime")]
    [InlineData("-o pid,lstart")]
    [InlineData("-o pid,flags,wchan,cls,policy,opri,intpri,priority,rtprio,nlwp,thcount,sz,vsz,rss,rsz,s,tt,tname,c,pcpu,pmem,min_flt,majflt")]
    [InlineData("-o pid,pgid,pgrp,sid,sess,tpgid,tgid,lwp,spid,psr,sched,sig,blocked,ignored,caught")]
    public void Matches_ps(string arguments)
    {
        int[] pids = [.. _processes.Select(process => process.Id)];
        // Not at a second's boundary, where one of the two would already count on.
        for (int attempt = 0; ; attempt++)
        {
            var table = ProcessTable.List(pids, arguments);
            string[] ours = [.. table.Processes.Prepend(table.Titles).Select(row => Words(string.Join(' ', row)))];
            string[] theirs = [.. Ps($"{arguments} -q{string.Join(',', pids)}").Select(Words)];
            if (attempt < 50 && !ours.SequenceEqual(theirs))
            {
                Thread.Sleep(20);
                continue;
            }
            Assert.Equal(theirs, ours);
            return;
        }
    }

    [Theory]
    [InlineData("-o pid --sort=-pid")]
    [InlineData("-o pid --sort pid")]
    [InlineData("-o pid,ni,comm --sort=-ni,+comm,pid")]
    [InlineData("-o pid,ppid --sort=ppid,-start_time,pid")]
    [InlineData("-o pid,vsz --sort -vsz,pid")]
    public void Sorts_as_ps(string arguments)
    {
        int[] pids = [.. _processes.Select(process => process.Id)];
        var table = ProcessTable.List(pids, arguments);
        // The option that takes pids in their order refuses to sort; this one does not.
        Assert.Equal(
            Ps($"{arguments} -p{string.Join(',', pids)}").Select(Words), table.Processes.Prepend(table.Titles).Select(row => Words(string.Join(' ', row))));
    }

    [Fact]
    public void Default_is_the_full_listing() =>
        Assert.Equal(["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"], ProcessTable.List([Environment.ProcessId], "").Titles);

    [Fact]
    public void Cells_are_cells_although_they_hold_spaces()
    {
        var table = ProcessTable.List([_processes[0].Id], "-o lstart,pid,args");
        string[] row = Assert.Single(table.Processes);
        Assert.Equal((5, _processes[0].Id.ToString(), "sleep 600"), (row[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, row[1], row[2]));
    }

    [Fact]
    public void Processes_that_are_gone_are_left_out() => Assert.Empty(ProcessTable.List([int.MaxValue], "-ef").Processes);

    [Theory]
    [InlineData("-o comm", "Couldn't find PID field in ps output")]
    [InlineData("-o pid,foo", "ps: error: unknown user-defined format specifier \"foo\"")]
    [InlineData("-ef --forest", "ps: error: option \"--forest\" is not supported here")]
    [InlineData("-eLf", "ps: error: option \"L\" of \"-eLf\" is not supported here")]
    [InlineData("-o", "ps: error: format specification must follow -o")]
    [InlineData("-o pid -o comm=PID", "specifying \"comm=PID\" is not allowed")]
    [InlineData("-ef --sort=foo", "ps: error: unknown sort specifier")]
    [InlineData("-ef --sort=+", "ps: error: unknown sort specifier")]
    [InlineData("-ef --sort=", "ps: error: long sort specification must follow --sort")]
    [InlineData("-ef --sort", "ps: error: long sort specification must follow --sort")]
    [InlineData("aux -l", "ps: error: conflicting format options in \"aux -l\"")]
    public void What_is_not_understood_is_refused_by_name(string arguments, string message) =>
        Assert.Equal(message, Assert.Throws<ProcessTableException>(() => ProcessTable.List([1], arguments)).Message);

    [Theory]
    [InlineData(0, "00:00", "00:00:00")]
    [InlineData(3599, "59:59", "00:59:59")]
    [InlineData(3600, "01:00:00", "01:00:00")]
    [InlineData(90061, "1-01:01:01", "1-01:01:01")]
    public void Times(long seconds, string elapsed, string time)
    {
        var type = typeof(ProcessTable).Assembly.GetType("Hafen.Linux.Procfs.PsFormat")!;
        Assert.Equal(elapsed, type.GetMethod("Elapsed")!.Invoke(null, [seconds]));
        Assert.Equal(time, type.GetMethod("Time")!.Invoke(null, [seconds]));
    }

    private static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private void Start(string script) =>
        _processes.Add(Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = true })!);

    private static string[] Ps(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ps", arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
