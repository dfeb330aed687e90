using System.Text;
using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Cgroups;

/// <summary>A cgroup's file that stays open.</summary>
internal sealed class CgroupFile : IDisposable
{
    private CgroupFile(int number) => Number = number;

    /// <summary>The descriptor, owned by this.</summary>
    public int Number { get; }

    /// <summary>Opens for reading; null when there is no such file.</summary>
    public static CgroupFile? Open(CgroupDirectory directory, string name)
    {
        int descriptor = directory.Open(name, OpenFlags.O_RDONLY);
        return descriptor < 0 ? null : new CgroupFile(descriptor);
    }

    /// <summary>The number behind a key as it stands now; zero when there is none.</summary>
    public long Value(string key)
    {
        Span<byte> text = stackalloc byte[1024];
        int length = CgroupCalls.ReadFromStart(Number, text);
        return length <= 0 ? 0 : (long)CgroupText.Value(Encoding.UTF8.GetString(text[..length]), key);
    }

    public void Dispose() => CgroupCalls.Close(Number);
}
