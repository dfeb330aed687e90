using Hafen.Engine.Host;

namespace Hafen.Engine.Tests.Host;

public sealed class OwnProcessTests
{
    [Fact]
    public void Descriptors_are_counted_as_the_folder_lists_them()
    {
        var open = Enumerable.Range(0, 200).Select(_ => File.OpenRead("/dev/null")).ToArray();
        try
        {
            // Others in this process open and close some meanwhile.
            int listed = Directory.GetFileSystemEntries("/proc/self/fd").Length;
            Assert.InRange(OwnProcess.Descriptors(), listed - 100, listed + 100);
        }
        finally
        {
            foreach (var file in open)
                file.Dispose();
        }
    }

    [Fact]
    public void Threads_are_counted_as_the_folder_lists_them()
    {
        using var end = new ManualResetEventSlim();
        var threads = Enumerable.Range(0, 60).Select(_ => new Thread(() => end.Wait(), maxStackSize: 256 * 1024)).ToArray();
        foreach (var thread in threads)
            thread.Start();
        int listed = Directory.GetDirectories("/proc/self/task").Length;
        Assert.InRange(OwnProcess.Threads(), listed - 30, listed + 30);
        end.Set();
        foreach (var thread in threads)
            thread.Join();
    }
}
