using Hafen.Oci.Runtime;

namespace Hafen.Linux.Cgroups;

/// <summary>Limits of RDMA devices: one file, the same in v1 and v2.</summary>
internal static class RdmaSettings
{
    public static void Add(List<CgroupSetting> plan, Dictionary<string, SpecRdma>? devices)
    {
        foreach (var (device, limit) in devices ?? [])
            plan.Add(new("rdma", "rdma.max", $"{device} hca_handle={Text(limit.HcaHandles)} hca_object={Text(limit.HcaObjects)}"));
    }

    private static string Text(uint? limit) => limit?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "max";
}
