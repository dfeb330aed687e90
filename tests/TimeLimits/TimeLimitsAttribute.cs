using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Xunit.v3;

[assembly: Hafen.TimeLimits.TimeLimits]

namespace Hafen.TimeLimits;

/// <summary>
/// Gives every test of every project a limit. A test that exceeds it is named with the programs it waits for, and ends its project: xunit cannot end
/// a test that holds its thread. <c>HAFEN_TEST_LIMIT</c> sets the limit limit in seconds; <see cref="LimitAttribute"/> sets that of a test.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class TimeLimitsAttribute : BeforeAfterTestAttribute
{
    private const int DefaultSeconds = 300, Hung = 99;

    private static readonly Watch s_watch = new();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => s_watch.Begin(test.UniqueID, test.TestDisplayName, Limit(methodUnderTest));

    public override void After(MethodInfo methodUnderTest, IXunitTest test) => s_watch.End(test.UniqueID);

    private static TimeSpan Limit(MethodInfo method)
    {
        int limit = int.TryParse(Environment.GetEnvironmentVariable("HAFEN_TEST_LIMIT"), out int seconds) ? seconds : DefaultSeconds;
        int? own = method.GetCustomAttribute<LimitAttribute>()?.Seconds ?? method.ReflectedType?.GetCustomAttribute<LimitAttribute>()?.Seconds;
        return TimeSpan.FromSeconds(own ?? limit);
    }

    /// <summary>The tests that run now, and a thread of its own that looks at them: the pool's may all be held by what hangs.</summary>
    private sealed class Watch
    {
        private readonly ConcurrentDictionary<string, (string Name, long Begun, TimeSpan Limit)> _running = new();

        public Watch()
        {
            new Thread(Look) { IsBackground = true, Name = "time limits" }.Start();
            // ./test sends it when the whole project takes too long, for example in a fixture, where no test's limit counts.
            Ended = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Give("was ended from outside"));
        }

        /// <summary>Kept, for a registration ends with its object.</summary>
        public PosixSignalRegistration Ended { get; }

        public void Begin(string id, string name, TimeSpan limit) => _running[id] = (name, Stopwatch.GetTimestamp(), limit);

        public void End(string id) => _running.TryRemove(id, out _);

        private void Look()
        {
            while (true)
            {
                Thread.Sleep(200);
                foreach (var (_, test) in _running)
                {
                    if (Stopwatch.GetElapsedTime(test.Begun) > test.Limit)
                        Give($"{test.Name} hangs: its limit is {test.Limit.TotalSeconds:0} s");
                }
            }
        }

        private void Give(string reason)
        {
            var text = new System.Text.StringBuilder($"HUNG {reason}\n");
            foreach (var (_, test) in _running)
                text.Append($"  running for {Stopwatch.GetElapsedTime(test.Begun).TotalSeconds:0} s: {test.Name}\n");
            int[] children = Descendants();
            foreach (int child in children)
                text.Append($"  process {child}: {Read(child, "cmdline").Replace('\0', ' ')}({Read(child, "wchan")}; {Signals(child)})\n");
            Console.Error.Write(text);
            Console.Error.Flush();
            foreach (int child in children)
                Kill(child);
            // Not Environment.Exit, which waits for what hangs.
            _exit(Hung);
        }

        // Pending, blocked, ignored and caught ones: a process that does not end has often not been told to.
        private static string Signals(int pid) =>
            string.Join(' ', Read(pid, "status").Split('\n').Where(line => line.StartsWith("Sig", StringComparison.Ordinal) || line.StartsWith("ShdPnd", StringComparison.Ordinal))
                .Select(line => line.Replace(":\t", "=", StringComparison.Ordinal)));

        private static int[] Descendants()
        {
            var parents = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(int.Parse!)
                .ToDictionary(pid => pid, pid => Read(pid, "stat") is { Length: > 0 } stat ? int.Parse(stat[(stat.LastIndexOf(')') + 4)..].Split(' ')[0]) : 0);
            bool Ours(int pid) => parents.TryGetValue(pid, out int parent) && parent > 1 && (parent == Environment.ProcessId || Ours(parent));
            return [.. parents.Keys.Where(Ours)];
        }

        private static string Read(int pid, string file)
        {
            try
            {
                return File.ReadAllText($"/proc/{pid}/{file}");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return "";
            }
        }

        private static void Kill(int pid)
        {
            try
            {
                using var process = Process.GetProcessById(pid);
                process.Kill();
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // It has ended.
            }
        }

        [DllImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern void _exit(int code);
    }
}
