[assembly: AssemblyFixture(typeof(Hafen.EndToEnd.Environment.SharedDaemon))]
[assembly: CollectionBehavior(MaxParallelThreads = 3)]

namespace Hafen.EndToEnd.Environment;

/// <summary>The daemon most tests share, with a busybox image in it. At the end nothing of it may be left on the machine.</summary>
public sealed class SharedDaemon : IDisposable
{
    public SharedDaemon()
    {
        Daemon = new Daemon("shared");
        Daemon.Start();
        Busybox.ImportInto(Daemon);
    }

    public Daemon Daemon { get; }

    public void Dispose()
    {
        Daemon.Dispose();
        var left = Machine.Left(TestRun.Word);
        if (left.Count > 0)
            throw new InvalidOperationException("left behind on the machine:\n" + string.Join('\n', left));
    }
}
