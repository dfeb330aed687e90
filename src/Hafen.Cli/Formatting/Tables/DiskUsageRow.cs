using Hafen.Api;
using Hafen.Cli.Formatting.Units;

namespace Hafen.Cli.Formatting.Tables;

/// <summary>One kind of object in <c>hafen system df</c>.</summary>
internal sealed class DiskUsageRow(string kind, int total, int active, long size, long reclaimable) : ListingRow
{
    public const string Format = "table {{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}";

    public static readonly IReadOnlyDictionary<string, string> Titles = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["Active"] = "ACTIVE",
        ["Reclaimable"] = "RECLAIMABLE",
        ["Size"] = "SIZE",
        ["TotalCount"] = "TOTAL",
        ["Type"] = "TYPE",
    };

    public override string TypeName => "*formatter.diskUsageContext";

    protected override IEnumerable<string> Columns => Titles.Keys;

    public static IEnumerable<DiskUsageRow> Of(DiskUsage usage)
    {
        var images = usage.Images ?? [];
        var used = images.Where(image => image.Containers > 0).ToList();
        long usedSize = used.Where(image => image.Size != -1 && image.SharedSize != -1).Sum(image => image.Size - image.SharedSize);
        yield return new DiskUsageRow("Images", images.Length, used.Count, usage.LayersSize, Math.Max(0, usage.LayersSize - Math.Max(usedSize, SharedSize(usage))));

        var containers = usage.Containers ?? [];
        var running = containers.Where(container => container.State is "running" or "paused" or "restarting").ToList();
        yield return new DiskUsageRow(
            "Containers", containers.Length, running.Count, containers.Sum(container => container.SizeRw),
            containers.Except(running).Sum(container => container.SizeRw));

        var volumes = usage.Volumes ?? [];
        var measured = volumes.Where(volume => volume.UsageData is { Size: > 0 }).ToList();
        yield return new DiskUsageRow(
            "Local Volumes", volumes.Length, volumes.Count(volume => volume.UsageData is { RefCount: > 0 }), measured.Sum(volume => volume.UsageData!.Size),
            measured.Where(volume => volume.UsageData!.RefCount == 0).Sum(volume => volume.UsageData!.Size));
        yield return new DiskUsageRow("Build Cache", usage.BuildCache?.Length ?? 0, 0, 0, 0);
    }

    protected override object? Column(string name) => name switch
    {
        "Active" => active.ToString(),
        "Reclaimable" => kind == "Build Cache" || size == 0 ? ByteSize.Human(reclaimable) : $"{ByteSize.Human(reclaimable)} ({reclaimable * 100 / size}%)",
        "Size" => ByteSize.Human(size),
        "TotalCount" => total.ToString(),
        _ => kind,
    };

    /// <summary>What used images take with the layers they share among each other, when one alone is in use.</summary>
    private static long SharedSize(DiskUsage usage) => usage.Images is { Length: 1 } only && only[0].Containers > 0 ? usage.LayersSize : 0;
}
