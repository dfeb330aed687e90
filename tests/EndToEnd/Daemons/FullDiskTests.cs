using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Daemons;

/// <summary>A data root with no room left: a clear error, nothing half done, and work again when there is room.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public void A_full_disk_is_told_and_loses_nothing()
    {
        string data = TestRun.NewFolder("disk");
        Command.Run("mount", "-t", "tmpfs", "-o", "size=12m", "none", data).Ok();
        try
        {
            using var daemon = new Daemon("full", Path.Combine(data, "root"));
            daemon.Start();
            Busybox.ImportInto(daemon);
            using var big = new Scratch();
            Command.Run("sh", "-c", "mkdir \"$0/in\" && head -c 30000000 /dev/urandom > \"$0/in/big\" && tar -c -f \"$0/big.tar\" -C \"$0/in\" .", big.Path).Ok();

            var refused = daemon.Docker.Run("import", big["big.tar"], "big:1");
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains("no space left on device", refused.ErrorText, StringComparison.Ordinal);
            Assert.Equal(["busybox:latest"], daemon.Docker.Run("images", "--format", "{{.Repository}}:{{.Tag}}").Ok().Lines);
            Assert.Equal("fine", daemon.Docker.Run("run", "--rm", "busybox", "echo", "fine").Ok().Line);

            daemon.Docker.Run("run", "--name", "fills", "busybox", "sh", "-c", "dd if=/dev/zero of=/big bs=64k 2>/dev/null; echo said; exit 6");
            Assert.Equal("6", daemon.Docker.Run("inspect", "-f", "{{.State.ExitCode}}", "fills").Ok().Line);
            daemon.Docker.Run("rm", "fills").Ok();
            Assert.Equal("fine again", daemon.Docker.Run("run", "--rm", "busybox", "echo", "fine again").Ok().Line);
        }
        finally
        {
            Command.Run("umount", "-l", data);
            Command.Run("rm", "-rf", data);
        }
    }
}
