[assembly: AssemblyFixture(typeof(Hafen.Runtime.Tests.EndToEnd.CgroupParents))]

namespace Hafen.Runtime.Tests.EndToEnd;

/// <summary>The cgroups above those of the containers: a runtime leaves them for the next container, a test run takes away those it brought.</summary>
public sealed class CgroupParents : IDisposable
{
    private readonly HashSet<string> _before = [.. Present()];

    public void Dispose()
    {
        foreach (var cgroup in Present().Except(_before))
            Directory.Delete(cgroup);
    }

    private static IEnumerable<string> Present() =>
        new[] { "/sys/fs/cgroup" }.Concat(Directory.EnumerateDirectories("/sys/fs/cgroup"))
            .SelectMany(hierarchy => (string[])[hierarchy + "/hafen", hierarchy + "/hafen-tests"])
            .Where(Directory.Exists);
}
