using Hafen.Linux;
using Hafen.Linux.Processes;
using Hafen.Monitor.Logs;

namespace Hafen.Monitor.Containers;

/// <summary>Compresses rotated logs in a process of its own: this executable once more, so that neither its time nor its memory is the monitor's.</summary>
internal sealed class LogCompressor(Reaper reaper) : ILogCompressor
{
    public bool Busy { get; private set; }

    public void Start(string path)
    {
        try
        {
            var pid = PosixSpawn.Start(new SpawnRequest
            {
                Path = "/proc/self/exe",
                Arguments = ["hafen-runtime", "monitor", MonitorArguments.CompressLog, path],
            });
            Busy = true;
            reaper.Expect(pid, pidDescriptor: -1, _ => Busy = false);
        }
        catch (LinuxException)
        {
            // The plain file stays; it is rotated away as it is.
        }
    }
}
