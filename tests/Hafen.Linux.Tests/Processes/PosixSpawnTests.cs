using System.Text;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;
using Hafen.Linux.Sockets;

namespace Hafen.Linux.Tests.Processes;

public class PosixSpawnTests
{
    [Fact]
    public void A_program_gets_arguments_environment_folder_descriptors_and_its_own_session()
    {
        using var output = new Descriptor(MemoryFile.Create("output", []));
        int pid = PosixSpawn.Start(new SpawnRequest
        {
            Path = "/bin/sh",
            Arguments = ["sh", "-c", "echo $0 \"$1\" $A $(pwd); ls /proc/self/fd | wc -l; ps -o sid= -p $$ | tr -d ' '; echo $$; grep SigIgn /proc/self/status >/dev/null; exit 7", "x y"],
            Environment = ["A=1 2", "PATH=/usr/bin:/bin"],
            WorkingDirectory = "/usr",
            Descriptors = [(output.Number, 1)],
            NewSession = true,
        });
        var exit = Children.Wait(pid);
        Assert.Equal(new ChildExit(pid, false, 7, false), exit);
        string[] lines = Encoding.UTF8.GetString(MemoryFile.ReadAll(output.Number, 4096)).Split('\n');
        Assert.Equal("x y  1 2 /usr", lines[0]);
        Assert.Equal(lines[3], lines[2]);
    }

    [Fact]
    public void Descriptors_can_change_places()
    {
        using var first = new Descriptor(MemoryFile.Create("first", "1"u8));
        using var second = new Descriptor(MemoryFile.Create("second", "2"u8));
        int pid = PosixSpawn.Start(new SpawnRequest
        {
            Path = "/bin/sh",
            Arguments = ["sh", "-c", $"test \"$(cat /proc/self/fd/{first.Number})\" = 2 && test \"$(cat /proc/self/fd/{second.Number})\" = 1"],
            Descriptors = [(first.Number, second.Number), (second.Number, first.Number)],
        });
        Assert.Equal(0, Children.Wait(pid).ExitCode);
    }

    [Fact]
    public void Descriptors_that_nobody_named_are_closed_though_they_lack_the_flag()
    {
        using var secret = new Descriptor(MemoryFile.Create("secret", []));
        const int F_SETFD = 2;
        SystemCall.Call(SystemCall.fcntl, secret.Number, F_SETFD);
        using var output = new Descriptor(MemoryFile.Create("output", []));
        int pid = PosixSpawn.Start(new SpawnRequest
        {
            Path = "/bin/ls",
            Arguments = ["ls", "-l", "/proc/self/fd"],
            Descriptors = [(output.Number, 1)],
        });
        Assert.Equal(0, Children.Wait(pid).ExitCode);
        string listing = Encoding.UTF8.GetString(MemoryFile.ReadAll(output.Number, 4096));
        Assert.Contains("memfd:output", listing, StringComparison.Ordinal);
        Assert.DoesNotContain("memfd:secret", listing, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_program_is_an_error_here() =>
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => PosixSpawn.Start(new SpawnRequest { Path = "/nosuch", Arguments = ["x"] })).Number);

    [Fact]
    public void A_signal_is_told_from_an_exit()
    {
        int pid = PosixSpawn.Start(new SpawnRequest { Path = "/bin/sleep", Arguments = ["sleep", "100"] });
        using var descriptor = Pidfd.Open(pid);
        Assert.Equal(pid, Pidfd.PidOf(descriptor.Number));
        Assert.Null(Children.TryWait(pid));
        Assert.True(Pidfd.SendSignal(descriptor.Number, 9));
        var exit = Children.Wait(pid);
        Assert.Equal((true, 9, 137), (exit.Signaled, exit.Status, exit.ExitCode));
        Assert.False(Pidfd.SendSignal(descriptor.Number, 9));
    }
}
