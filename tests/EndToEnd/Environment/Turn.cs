using System.Diagnostics;

namespace Hafen.EndToEnd.Environment;

/// <summary>One at a time among all test runs of the machine.</summary>
public static class Turn
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>Waits for the turn, which lasts until the result is disposed of or its process ends.</summary>
    public static IDisposable Take()
    {
        string file = Path.Combine(Path.GetTempPath(), "hafen-tests.lock");
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waiting.Elapsed < s_limit)
            {
                Thread.Sleep(20);
            }
        }
    }
}
