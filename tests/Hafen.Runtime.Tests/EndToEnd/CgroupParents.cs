[assembly: AssemblyFixture(typeof(Hafen.Runtime.Tests.EndToEnd.CgroupParents))]

namespace Hafen.Runtime.Tests.EndToEnd;

/// <summary>The cgroup above those of this run's containers: a runtime leaves it for the next container, the run takes it away.</summary>
public sealed class CgroupParents : IDisposable
{
    public static string Name { get; } = $"hafen-tests-{Environment.ProcessId}";

    public void Dispose()
    {
        foreach (string cgroup in new[] { "/sys/fs/cgroup" }.Concat(Directory.EnumerateDirectories("/sys/fs/cgroup")).Select(hierarchy => Path.Combine(hierarchy, Name)))
        {
            if (Directory.Exists(cgroup))
                Directory.Delete(cgroup);
        }
    }
}
