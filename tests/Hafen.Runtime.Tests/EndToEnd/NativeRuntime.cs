using System.Diagnostics;

namespace Hafen.Runtime.Tests.EndToEnd;

/// <summary>The native <c>hafen-runtime</c> of the folder HAFEN_BIN. The runtime clones, so it cannot be tested inside this process.</summary>
internal static class NativeRuntime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public static string Executable
    {
        get
        {
            string? folder = Environment.GetEnvironmentVariable("HAFEN_BIN");
            Assert.SkipWhen(string.IsNullOrEmpty(folder), "HAFEN_BIN does not name a folder with the native executables");
            Assert.SkipUnless(Environment.UserName == "root", "needs root");
            return Path.Combine(folder!, "hafen-runtime");
        }
    }

    public static Outcome Run(string folder, params string[] arguments) => Start(Executable, folder, null, arguments);

    public static Outcome RunWith(string input, string folder, params string[] arguments) => Start(Executable, folder, input, arguments);

    /// <summary>Begins a command whose output the test reads as it comes.</summary>
    public static Process Begin(string folder, params string[] arguments) => Process.Start(new ProcessStartInfo(Executable, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>Runs a program to its end; a hang is a failure.</summary>
    public static Outcome Start(string program, string folder, string? input, params string[] arguments) =>
        StartPatiently(s_limit, program, folder, input, arguments);

    /// <summary>The same with another idea of what a hang is.</summary>
    public static Outcome StartPatiently(TimeSpan limit, string program, string folder, string? input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        if (input is not null)
            process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{Path.GetFileName(program)} {string.Join(' ', arguments)} hangs");
        }

        // A container that outlives its runtime holds the pipes, so their end is not waited for. One that was refused holds nothing: what was
        // said of it comes, however busy the machine.
        bool outlived = process.ExitCode == 0 && arguments.Any(argument => argument is "create" or "-d" or "--detach");
        var end = outlived ? TimeSpan.FromMilliseconds(500) : limit;
        return new Outcome(process.ExitCode, Taken(output, end), Taken(error, end));
    }

    private static string Taken(Task<string> text, TimeSpan end) => text.Wait(end) ? text.Result : "";
}

internal sealed record Outcome(int Code, string Output, string Error)
{
    /// <summary>The output of a run that went well.</summary>
    public string Good
    {
        get
        {
            Assert.True(Code == 0, $"exit {Code}: {Error}{Output}");
            return Output;
        }
    }

    public string[] Lines => Good.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
