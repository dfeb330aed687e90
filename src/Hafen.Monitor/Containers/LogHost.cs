using System.Globalization;
using Hafen.Linux;
using Hafen.Linux.Processes;
using Hafen.Logging.Files;
using Hafen.Logging.Writers;

namespace Hafen.Monitor.Containers;

/// <summary>What the monitor does for its log. Rotated files are compressed in a process of its own: this executable once more, so that neither its time nor its memory is the monitor's.</summary>
internal sealed class LogHost(Reaper reaper) : ILogHost
{
    private const int SIGKILL = 9;
    private int _pid;

    public bool Compress(int source, int target, Action<bool> finished)
    {
        try
        {
            _pid = PosixSpawn.Start(new SpawnRequest
            {
                Path = "/proc/self/exe",
                Arguments = ["hafen-runtime", "monitor", MonitorArguments.CompressLog],
                Descriptors = [(source, CompressLog.Source), (target, CompressLog.Target)],
            });
        }
        catch (LinuxException)
        {
            return false;
        }
        reaper.Expect(_pid, pidDescriptor: -1, exit =>
        {
            _pid = 0;
            finished(!exit.Signaled && exit.Status == 0);
        });
        return true;
    }

    public void CancelCompression()
    {
        // The pid is this process's child until the reaper has seen its end, so it cannot be another's.
        if (_pid > 0)
            ProcessControl.Kill(_pid, SIGKILL);
    }
}
