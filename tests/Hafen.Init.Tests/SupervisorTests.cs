using System.Diagnostics;

namespace Hafen.Init.Tests;

/// <summary>The native executable, as the first process of a pid namespace and outside of one.</summary>
public sealed class SupervisorTests
{
    private static readonly string? s_folder = Environment.GetEnvironmentVariable("HAFEN_BIN");

    [Theory]
    [InlineData("exit 42", 42)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("exit 3", 0, "-e", "3")]
    public void The_exit_code_is_the_commands(string script, int code, params string[] options) =>
        Assert.Equal(code, Run([.. options, "--", "sh", "-c", script]).Code);

    [Theory]
    [InlineData("no-such-command", 127, "[FATAL hafen-init] exec no-such-command failed: No such file or directory\n")]
    [InlineData("/etc/passwd", 126, "[FATAL hafen-init] exec /etc/passwd failed: Permission denied\n")]
    public void A_command_that_cannot_start_is_told(string command, int code, string message)
    {
        (int actual, _, string error) = Run(["--", command]);
        Assert.Equal((code, message), (actual, error));
    }

    [Fact]
    public void Arguments_and_environment_pass_unchanged()
    {
        (_, string output, _) = Run(["--", "sh", "-c", "printf '%s|' \"$@\"; printf %s \"$GREETING\"", "sh", "a b", "", "ü\n"], ("GREETING", "x = y"));
        Assert.Equal("a b||ü\n|x = y", output);
    }

    [Fact]
    public void Orphans_are_collected_and_signals_passed_on()
    {
        using var init = Start(["-w", "--", "sh", "-c", "trap 'echo TERM; exit 7' TERM; sh -c 'sleep 0.1 & echo ready'; while :; do sleep 0.02; done"]);
        Assert.Equal("ready", init.StandardOutput.ReadLine());
        Assert.StartsWith("hafen-init: collected process", init.StandardError.ReadLine());
        Process.Start("kill", ["-TERM", FirstProcess(init).ToString()]).WaitForExit();
        Assert.Equal("TERM", init.StandardOutput.ReadLine());
        init.WaitForExit();
        Assert.Equal(7, init.ExitCode);
    }

    [Fact]
    public void The_command_inherits_no_ignored_or_blocked_signals()
    {
        (_, string output, _) = Run(["--", "grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"]);
        Assert.Equal("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", output);
    }

    [Fact]
    public void Whoever_started_it_ignored_or_blocked_signals_the_command_has_none_of_it_and_its_end_is_seen()
    {
        string[] init = ["unshare", "-pf", "--mount-proc", Path.Combine(s_folder ?? Skip(), "hafen-init"), "--", "sh", "-c", "grep -E '^Sig(Blk|Ign)' /proc/self/status; exit 5"];
        (int code, string output, _) = Finish(Launch("env", ["--ignore-signal=HUP,INT,QUIT,CHLD,USR1,PIPE", "--block-signal=TERM,USR2", .. init]));
        Assert.Equal("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", output);
        Assert.Equal(5, code);
    }

    [Fact]
    public void It_runs_in_an_empty_root()
    {
        string root = Directory.CreateTempSubdirectory("hafen-init").FullName;
        try
        {
            string folder = s_folder ?? Skip();
            File.Copy(Path.Combine(folder, "hafen-init"), Path.Combine(root, "init"));
            File.Copy(Path.Combine(folder, "hello"), Path.Combine(root, "hello"));
            Assert.True(new FileInfo(Path.Combine(root, "init")).Length < 2_500_000);
            (int code, string output, _) = Finish(Launch("chroot", [root, "/init", "-s", "--", "/hello"]));
            Assert.Equal(0, code);
            Assert.Contains("Hello from Hafen!", output);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static (int Code, string Output, string Error) Run(string[] arguments, params (string Name, string Value)[] variables) =>
        Finish(Start(arguments, variables));

    private static (int Code, string Output, string Error) Finish(Process process)
    {
        using (process)
        {
            string output = process.StandardOutput.ReadToEnd(), error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error);
        }
    }

    private static Process Start(string[] arguments, params (string Name, string Value)[] variables) =>
        Launch("unshare", ["-pf", "--mount-proc", Path.Combine(s_folder ?? Skip(), "hafen-init"), .. arguments], variables);

    private static Process Launch(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>unshare's only child.</summary>
    private static int FirstProcess(Process unshare) =>
        int.Parse(File.ReadAllText($"/proc/{unshare.Id}/task/{unshare.Id}/children").Split(' ')[0]);

    private static string Skip()
    {
        Assert.Skip("HAFEN_BIN names no folder of native executables");
        return "";
    }
}
