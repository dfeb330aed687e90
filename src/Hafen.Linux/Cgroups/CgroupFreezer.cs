using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Cgroups;

/// <summary>Stops and continues the tasks of a cgroup, through v1's <c>freezer.state</c> or v2's <c>cgroup.freeze</c>.</summary>
internal static class CgroupFreezer
{
    private const int PatienceMilliseconds = 10_000;
    private const uint ShortestPause = 20, LongestPause = 20_000, ThawedPause = 10_000;

    public static void Freeze(CgroupDirectory directory)
    {
        if (directory.Hierarchy.IsUnified)
            FreezeUnified(directory);
        else
            FreezeLegacy(directory);
    }

    public static void Thaw(CgroupDirectory directory)
    {
        (string file, string value) = directory.Hierarchy.IsUnified ? ("cgroup.freeze", "0") : ("freezer.state", "THAWED");
        int result = directory.Write(file, value);
        if (result < 0)
            throw new LinuxException(-result, "write", $"{directory.FullPath}/{file}");
    }

    public static FreezerState State(CgroupDirectory directory)
    {
        if (directory.Hierarchy.IsUnified)
        {
            bool frozen = directory.ReadText("cgroup.events")?.Contains("frozen 1", StringComparison.Ordinal) == true;
            return frozen ? FreezerState.Frozen
                : directory.ReadText("cgroup.freeze") == "1" ? FreezerState.Freezing
                : FreezerState.Thawed;
        }

        return directory.ReadText("freezer.state") switch
        {
            "FROZEN" => FreezerState.Frozen,
            "FREEZING" => FreezerState.Freezing,
            _ => FreezerState.Thawed,
        };
    }

    /// <summary>
    /// v1 may stay at FREEZING while new tasks keep appearing. Writing again restarts the sweep; a thaw and a pause now and then lets
    /// tasks that block each other finish what they are in. A task freezes itself when it gets a processor, which takes long on a busy machine: so
    /// the pauses grow, and with them the time between two thaws.
    /// </summary>
    private static void FreezeLegacy(CgroupDirectory directory)
    {
        long end = Environment.TickCount64 + PatienceMilliseconds;
        uint pause = ShortestPause;
        for (int attempt = 1; Environment.TickCount64 < end; attempt++)
        {
            int result = directory.Write("freezer.state", "FROZEN");
            if (result < 0)
                throw new LinuxException(-result, "write", $"{directory.FullPath}/freezer.state");
            if (State(directory) == FreezerState.Frozen)
                return;
            if (attempt % 50 == 0)
            {
                directory.Write("freezer.state", "THAWED");
                CgroupCalls.Sleep(ThawedPause);
                pause = Math.Min(pause * 2, LongestPause);
            }
            else if (attempt % 5 == 0)
            {
                CgroupCalls.Sleep(pause);
            }
        }

        // Half frozen is worse than running.
        directory.Write("freezer.state", "THAWED");
        throw new CgroupException("unable to freeze");
    }

    private static void FreezeUnified(CgroupDirectory directory)
    {
        int result = directory.Write("cgroup.freeze", "1");
        if (result < 0)
            throw new LinuxException(-result, "write", $"{directory.FullPath}/cgroup.freeze");
        int events = directory.Open("cgroup.events", OpenFlags.O_RDONLY);
        if (events < 0)
            throw new LinuxException(-events, "open", $"{directory.FullPath}/cgroup.events");
        try
        {
            Span<byte> buffer = stackalloc byte[256];
            long end = Environment.TickCount64 + PatienceMilliseconds;
            while (Environment.TickCount64 < end)
            {
                // Reading arms the notification, so the state cannot change unseen between reading and waiting.
                int length = CgroupCalls.ReadFromStart(events, buffer);
                if (length > 0 && buffer[..length].IndexOf("frozen 1"u8) >= 0)
                    return;
                CgroupCalls.WaitForChange(events, 100);
            }
        }
        finally
        {
            CgroupCalls.Close(events);
        }

        directory.Write("cgroup.freeze", "0");
        throw new CgroupException("unable to freeze");
    }
}
