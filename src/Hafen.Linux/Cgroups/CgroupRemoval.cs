namespace Hafen.Linux.Cgroups;

/// <summary>Removes a cgroup's directories, and the cgroups that the container made below them.</summary>
internal static class CgroupRemoval
{
    /// <summary>About a second in all: a killed task leaves its cgroup a moment after its parent could already reap it.</summary>
    private const int Rounds = 24;
    private const uint FirstPause = 50, LongestPause = 100_000;

    /// <summary>Tries all directories in rounds, so that one that is in use does not hold up the others.</summary>
    /// <returns>The first directory that could not be removed with its errno; null when all are gone.</returns>
    public static (CgroupDirectory Directory, int Errno)? Remove(IEnumerable<CgroupDirectory> directories)
    {
        var left = new List<CgroupDirectory>(directories);
        uint pause = FirstPause;
        for (int round = 1; ; round++)
        {
            (CgroupDirectory, int)? failure = null;
            bool worthWaiting = false;
            for (int i = left.Count - 1; i >= 0; i--)
            {
                int result = left[i].Remove();
                if (result is 0 or -Errno.ENOENT)
                {
                    left.RemoveAt(i);
                    continue;
                }

                failure = (left[i], -result);
                if (result is not (-Errno.EBUSY or -Errno.ENOTEMPTY))
                    continue;
                // The kernel says EBUSY for tasks and for cgroups below alike.
                RemoveChildren(left[i]);
                worthWaiting = true;
            }

            if (failure is null || !worthWaiting || round == Rounds)
                return failure;
            CgroupCalls.Sleep(pause);
            pause = Math.Min(pause * 2, LongestPause);
        }
    }

    private static void RemoveChildren(CgroupDirectory directory)
    {
        foreach (string name in directory.Children())
        {
            var child = directory.Child(name);
            RemoveChildren(child);
            child.Remove();
        }
    }
}
