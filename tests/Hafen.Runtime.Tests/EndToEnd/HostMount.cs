namespace Hafen.Runtime.Tests.EndToEnd;

/// <summary>A mount of the host for the time of a test.</summary>
internal sealed class HostMount : IDisposable
{
    public HostMount(string path, string type, string propagation = "--make-private")
    {
        Path = path;
        Directory.CreateDirectory(path);
        _ = NativeRuntime.Start("/usr/bin/mount", "/", null, "-t", type, propagation, type, path).Good;
    }

    public string Path { get; }

    public static void Unmount(string path) => _ = NativeRuntime.Start("/usr/bin/umount", "/", null, path).Good;

    public void Dispose() => Unmount(Path);
}
