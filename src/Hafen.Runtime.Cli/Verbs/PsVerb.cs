using Hafen.Linux.Processes;
using Hafen.Runtime.Cli.Options;
using Hafen.Runtime.State;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary><c>ps [--format table|json] ID [ps options]</c>: the container's processes. The table is what ps(1) prints for them.</summary>
internal static class PsVerb
{
    public static int Run(GlobalOptions global)
    {
        var options = VerbOptions.Parse(global.Rest, [], ["format|f"]);
        var stored = global.States.Load(options.Id);
        using var cgroup = StateFolder.CgroupOf(stored);
        int[] pids = cgroup.Pids();
        switch (options.Value("format") ?? "table")
        {
            case "json":
                Console.Out.WriteLine($"[{string.Join(',', pids)}]");
                return 0;
            case "table":
                string[] wanted = options.Arguments.Count > 1 ? [.. options.Arguments.Skip(1)] : ["-f"];
                int pid = PosixSpawn.Start(new SpawnRequest
                {
                    Path = "/bin/ps",
                    Arguments = ["ps", .. wanted, "-p", pids.Length > 0 ? string.Join(',', pids) : "0"],
                    Descriptors = [(0, 0), (1, 1), (2, 2)],
                });
                return Children.Wait(pid).ExitCode;
            case var format:
                throw new UsageException($"invalid format option: {format}");
        }
    }
}
