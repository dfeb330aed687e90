using System.Text.Json;
using Hafen.Linux.Cgroups;

namespace Hafen.Runtime.Cli;

/// <summary>A cgroup's counters in the form of runc's <c>events</c>.</summary>
internal static class StatsJson
{
    public static void Write(Utf8JsonWriter json, CgroupStats stats)
    {
        json.WriteStartObject();
        if (stats.Cpu is { } cpu)
            WriteCpu(json, cpu);
        if (stats.Memory is { } memory)
            WriteMemory(json, memory);
        if (stats.Pids is { } pids)
        {
            json.WriteStartObject("pids");
            json.WriteNumber("current", pids.Current);
            json.WriteNumber("limit", pids.Limit);
            json.WriteEndObject();
        }

        if (stats.BlockIo is { } blocks)
        {
            json.WriteStartObject("blkio");
            WriteEntries(json, "ioServiceBytesRecursive", blocks.ServiceBytes);
            WriteEntries(json, "ioServicedRecursive", blocks.Serviced);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteCpu(Utf8JsonWriter json, CpuStats cpu)
    {
        json.WriteStartObject("cpu");
        json.WriteStartObject("usage");
        json.WriteNumber("total", cpu.TotalNanoseconds);
        if (cpu.PerCpuNanoseconds is { } each)
        {
            json.WriteStartArray("percpu");
            foreach (ulong time in each)
                json.WriteNumberValue(time);
            json.WriteEndArray();
        }

        json.WriteNumber("kernel", cpu.SystemNanoseconds);
        json.WriteNumber("user", cpu.UserNanoseconds);
        json.WriteEndObject();
        json.WriteStartObject("throttling");
        json.WriteNumber("periods", cpu.Periods);
        json.WriteNumber("throttledPeriods", cpu.ThrottledPeriods);
        json.WriteNumber("throttledTime", cpu.ThrottledNanoseconds);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMemory(Utf8JsonWriter json, MemoryStats memory)
    {
        json.WriteStartObject("memory");
        json.WriteStartObject("usage");
        json.WriteNumber("limit", memory.Limit);
        json.WriteNumber("usage", memory.Usage);
        if (memory.MaxUsage is { } most)
            json.WriteNumber("max", most);
        json.WriteNumber("failcnt", memory.FailCount);
        json.WriteEndObject();
        if (memory.SwapUsage is { } swap)
        {
            json.WriteStartObject("swap");
            json.WriteNumber("usage", swap);
            json.WriteEndObject();
        }

        json.WriteStartObject("raw");
        foreach (var (name, value) in memory.Details)
            json.WriteNumber(name, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteEntries(Utf8JsonWriter json, string name, IReadOnlyList<BlockIoEntry> entries)
    {
        json.WriteStartArray(name);
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            json.WriteNumber("major", entry.Major);
            json.WriteNumber("minor", entry.Minor);
            json.WriteString("op", entry.Operation);
            json.WriteNumber("value", entry.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
