using System.Diagnostics;

namespace Hafen.Snapshots.Tests;

/// <summary>A folder of a test's own, gone afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <param name="inMemory">On a tmpfs if there is one, for tests that make thousands of files.</param>
    public TemporaryFolder(bool inMemory = false)
    {
        Path = System.IO.Path.Combine(inMemory && Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath(), $"hafen-test-{Guid.NewGuid():n}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public void Dispose()
    {
        // rm copes with whatever a test left: immutable marks aside, which the tests take off themselves.
        Shell.Run("rm", "-rf", "--one-file-system", Path);
    }
}

/// <summary>Runs programs that tests use as oracles.</summary>
public static class Shell
{
    public static string Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {process.ExitCode}: {errors.Result}{output}");
    }

    /// <summary>Runs a script with sh -e.</summary>
    public static string Script(string script, string? folder = null) => Run("sh", "-ec", folder is null ? script : $"cd '{folder}'\n{script}");

    public static bool Has(string program)
    {
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(':').Append("/usr/sbin").Append("/sbin").Any(p => File.Exists(Path.Combine(p, program)));
    }
}
