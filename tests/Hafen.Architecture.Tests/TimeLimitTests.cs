using System.Diagnostics;

namespace Hafen.Architecture.Tests;

/// <summary>A test that hangs is named and ended, with what it started.</summary>
public sealed class TimeLimitTests
{
    [Fact(Explicit = true)]
    public void Hangs()
    {
        using var child = Process.Start("sleep", "1000");
        File.WriteAllText(Environment.GetEnvironmentVariable("HAFEN_HANGING_CHILD")!, child.Id.ToString());
        child.WaitForExit();
    }

    [Fact]
    public void A_test_that_hangs_is_named_and_ended_with_what_it_started()
    {
        string file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!, ["-explicit", "only", "-method", $"{typeof(TimeLimitTests).FullName}.{nameof(Hangs)}", "-noLogo", "-noColor"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["HAFEN_TEST_LIMIT"] = "2", ["HAFEN_HANGING_CHILD"] = file },
            };
            using var tests = Process.Start(start)!;
            var output = tests.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            string error = tests.StandardError.ReadToEnd();
            tests.WaitForExit();
            Assert.Equal(99, tests.ExitCode);
            Assert.Contains($"HUNG {typeof(TimeLimitTests).FullName}.{nameof(Hangs)} hangs: its limit is 2 s", error, StringComparison.Ordinal);
            Assert.Contains("sleep 1000", error, StringComparison.Ordinal);
            // Killed it is; the first process of the machine buries it.
            string child = $"/proc/{File.ReadAllText(file)}/stat";
            Assert.True(SpinWait.SpinUntil(() => !File.Exists(child) || File.ReadAllText(child).Contains(") Z ", StringComparison.Ordinal), 10_000));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
