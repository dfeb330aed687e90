using Hafen.Bench;

string folder = Directory.CreateTempSubdirectory("hafen-bench-").FullName;
bool hasDocker = Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(p => File.Exists(Path.Combine(p, "dockerd")));
using var scratch = new Scratch(folder);
using var network = new Network();
using var docker = hasDocker ? Server.StartDocker(folder + "/docker") : null;
using var hafen = Server.StartHafen(folder + "/hafen");
if (docker is not null)
    Images.ImportBusybox(docker);
Images.ImportBusybox(hafen);

var works = new Works(docker, hafen);
var all = new Dictionary<string, Func<IEnumerable<Row>>>
{
    ["fresh"] = works.FreshMemory,
    ["load"] = works.LoadAndSave,
    ["start"] = works.StartLatency,
    ["api"] = works.ApiLifeCycle,
    ["exec"] = works.Exec,
    ["parallel"] = works.ParallelStarts,
    ["adopt"] = works.Adoption,
    ["logs"] = works.Logs,
    ["attach"] = works.Attach,
    ["memory"] = works.IdleMemory,
    ["many"] = new ManyContainers(docker, hafen).Measure,
};
foreach (string unknown in args.Except(all.Keys))
    Console.Error.WriteLine($"bench: no work is named {unknown}; there are: {string.Join(' ', all.Keys)}");

Console.WriteLine("| work | Docker | Hafen | ratio | target |");
Console.WriteLine("|---|---|---|---|---|");
foreach (var (name, work) in all)
{
    if (args.Length > 0 && !args.Contains(name))
        continue;
    foreach (var row in work())
        Console.WriteLine(row);
}

