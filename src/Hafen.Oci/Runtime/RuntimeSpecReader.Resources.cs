namespace Hafen.Oci.Runtime;

/// <summary>The member <c>linux.resources</c>.</summary>
public static partial class RuntimeSpecReader
{
    /// <summary>Reads resources alone, as <c>update</c> gets them.</summary>
    /// <exception cref="System.Text.Json.JsonException">As <see cref="Read"/>.</exception>
    public static SpecResources ReadResources(ReadOnlySpan<byte> json)
    {
        var cursor = new SpecCursor(json);
        var resources = Resources(ref cursor);
        cursor.End();
        return resources;
    }

    private static SpecResources Resources(ref SpecCursor json)
    {
        var value = new SpecResources();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("devices"u8))
                value = value with { Devices = DeviceRules(ref json) };
            else if (json.Is("memory"u8))
                value = value with { Memory = Memory(ref json) };
            else if (json.Is("cpu"u8))
                value = value with { Cpu = Cpu(ref json) };
            else if (json.Is("pids"u8))
                value = value with { Pids = Pids(ref json) };
            else if (json.Is("blockIO"u8))
                value = value with { BlockIo = BlockIo(ref json) };
            else if (json.Is("hugepageLimits"u8))
                value = value with { HugepageLimits = HugepageLimits(ref json) };
            else if (json.Is("network"u8))
                value = value with { Network = NetworkClass(ref json) };
            else if (json.Is("rdma"u8))
                value = value with { Rdma = RdmaDevices(ref json) };
            else if (json.Is("unified"u8))
                value = value with { Unified = json.TextMap() };
            else
                json.Skip();
        }

        return value;
    }

    private static Dictionary<string, SpecRdma> RdmaDevices(ref SpecCursor json)
    {
        var map = new Dictionary<string, SpecRdma>();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            string device = json.MemberName;
            map[device] = Rdma(ref json);
        }

        return map;
    }

    private static SpecRdma Rdma(ref SpecCursor json)
    {
        var value = new SpecRdma();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("hcaHandles"u8))
                value = value with { HcaHandles = json.UInt32() };
            else if (json.Is("hcaObjects"u8))
                value = value with { HcaObjects = json.UInt32() };
            else
                json.Skip();
        }

        return value;
    }

    private static SpecDeviceRule DeviceRule(ref SpecCursor json)
    {
        var value = new SpecDeviceRule();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("allow"u8))
                value = value with { Allow = json.Flag() };
            else if (json.Is("type"u8))
                value = value with { Type = json.Text() };
            else if (json.Is("major"u8))
                value = value with { Major = json.Int64() };
            else if (json.Is("minor"u8))
                value = value with { Minor = json.Int64() };
            else if (json.Is("access"u8))
                value = value with { Access = json.Text() };
            else
                json.Skip();
        }

        return value;
    }

    private static SpecDeviceRule[] DeviceRules(ref SpecCursor json)
    {
        var list = new List<SpecDeviceRule>();
        for (bool inside = false; json.NextElement(ref inside);)
            list.Add(DeviceRule(ref json));
        return [.. list];
    }

    private static SpecMemory Memory(ref SpecCursor json)
    {
        var value = new SpecMemory();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("limit"u8))
                value = value with { Limit = json.Int64() };
            else if (json.Is("reservation"u8))
                value = value with { Reservation = json.Int64() };
            else if (json.Is("swap"u8))
                value = value with { Swap = json.Int64() };
            else if (json.Is("kernel"u8))
                value = value with { Kernel = json.Int64() };
            else if (json.Is("kernelTCP"u8))
                value = value with { KernelTcp = json.Int64() };
            else if (json.Is("swappiness"u8))
                value = value with { Swappiness = json.UInt64() };
            else if (json.Is("disableOOMKiller"u8))
                value = value with { DisableOomKiller = json.Flag() };
            else if (json.Is("useHierarchy"u8))
                value = value with { UseHierarchy = json.Flag() };
            else if (json.Is("checkBeforeUpdate"u8))
                value = value with { CheckBeforeUpdate = json.Flag() };
            else
                json.Skip();
        }

        return value;
    }

    private static SpecCpu Cpu(ref SpecCursor json)
    {
        var value = new SpecCpu();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("shares"u8))
                value = value with { Shares = json.UInt64() };
            else if (json.Is("quota"u8))
                value = value with { Quota = json.Int64() };
            else if (json.Is("burst"u8))
                value = value with { Burst = json.UInt64() };
            else if (json.Is("period"u8))
                value = value with { Period = json.UInt64() };
            else if (json.Is("realtimeRuntime"u8))
                value = value with { RealtimeRuntime = json.Int64() };
            else if (json.Is("realtimePeriod"u8))
                value = value with { RealtimePeriod = json.UInt64() };
            else if (json.Is("cpus"u8))
                value = value with { Cpus = json.Text() };
            else if (json.Is("mems"u8))
                value = value with { Mems = json.Text() };
            else if (json.Is("idle"u8))
                value = value with { Idle = json.Int64() };
            else
                json.Skip();
        }

        return value;
    }

    private static SpecPids Pids(ref SpecCursor json)
    {
        var value = new SpecPids();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("limit"u8))
                value = value with { Limit = json.Int64() };
            else
                json.Skip();
        }

        return value;
    }

    private static SpecBlockIo BlockIo(ref SpecCursor json)
    {
        var value = new SpecBlockIo();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("weight"u8))
                value = value with { Weight = json.UInt16() };
            else if (json.Is("leafWeight"u8))
                value = value with { LeafWeight = json.UInt16() };
            else if (json.Is("weightDevice"u8))
                value = value with { WeightDevice = WeightDevices(ref json) };
            else if (json.Is("throttleReadBpsDevice"u8))
                value = value with { ThrottleReadBpsDevice = ThrottleDevices(ref json) };
            else if (json.Is("throttleWriteBpsDevice"u8))
                value = value with { ThrottleWriteBpsDevice = ThrottleDevices(ref json) };
            else if (json.Is("throttleReadIOPSDevice"u8))
                value = value with { ThrottleReadIopsDevice = ThrottleDevices(ref json) };
            else if (json.Is("throttleWriteIOPSDevice"u8))
                value = value with { ThrottleWriteIopsDevice = ThrottleDevices(ref json) };
            else
                json.Skip();
        }

        return value;
    }

    private static SpecWeightDevice WeightDevice(ref SpecCursor json)
    {
        var value = new SpecWeightDevice();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("major"u8))
                value = value with { Major = json.Int64() };
            else if (json.Is("minor"u8))
                value = value with { Minor = json.Int64() };
            else if (json.Is("weight"u8))
                value = value with { Weight = json.UInt16() };
            else if (json.Is("leafWeight"u8))
                value = value with { LeafWeight = json.UInt16() };
            else
                json.Skip();
        }

        return value;
    }

    private static SpecWeightDevice[] WeightDevices(ref SpecCursor json)
    {
        var list = new List<SpecWeightDevice>();
        for (bool inside = false; json.NextElement(ref inside);)
            list.Add(WeightDevice(ref json));
        return [.. list];
    }

    private static SpecThrottleDevice ThrottleDevice(ref SpecCursor json)
    {
        var value = new SpecThrottleDevice();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("major"u8))
                value = value with { Major = json.Int64() };
            else if (json.Is("minor"u8))
                value = value with { Minor = json.Int64() };
            else if (json.Is("rate"u8))
                value = value with { Rate = json.UInt64() };
            else
                json.Skip();
        }

        return value;
    }

    private static SpecThrottleDevice[] ThrottleDevices(ref SpecCursor json)
    {
        var list = new List<SpecThrottleDevice>();
        for (bool inside = false; json.NextElement(ref inside);)
            list.Add(ThrottleDevice(ref json));
        return [.. list];
    }

    private static SpecHugepageLimit HugepageLimit(ref SpecCursor json)
    {
        var value = new SpecHugepageLimit { PageSize = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("pageSize"u8))
                value = value with { PageSize = json.Text() };
            else if (json.Is("limit"u8))
                value = value with { Limit = json.UInt64() };
            else
                json.Skip();
        }

        SpecCursor.Require(value.PageSize, "pageSize");
        return value;
    }

    private static SpecHugepageLimit[] HugepageLimits(ref SpecCursor json)
    {
        var list = new List<SpecHugepageLimit>();
        for (bool inside = false; json.NextElement(ref inside);)
            list.Add(HugepageLimit(ref json));
        return [.. list];
    }

    private static SpecNetworkClass NetworkClass(ref SpecCursor json)
    {
        var value = new SpecNetworkClass();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("classID"u8))
                value = value with { ClassId = json.UInt32() };
            else if (json.Is("priorities"u8))
                value = value with { Priorities = InterfacePriorities(ref json) };
            else
                json.Skip();
        }

        return value;
    }

    private static SpecInterfacePriority InterfacePriority(ref SpecCursor json)
    {
        var value = new SpecInterfacePriority { Name = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("name"u8))
                value = value with { Name = json.Text() };
            else if (json.Is("priority"u8))
                value = value with { Priority = json.UInt32() };
            else
                json.Skip();
        }

        SpecCursor.Require(value.Name, "name");
        return value;
    }

    private static SpecInterfacePriority[] InterfacePriorities(ref SpecCursor json)
    {
        var list = new List<SpecInterfacePriority>();
        for (bool inside = false; json.NextElement(ref inside);)
            list.Add(InterfacePriority(ref json));
        return [.. list];
    }
}
