namespace Hafen.EndToEnd.Environment;

/// <summary>A small root file system made of the machine's static busybox.</summary>
public static class Busybox
{
    private static readonly Lazy<byte[]> s_tar = new(MakeTar);

    /// <summary>The root file system as a plain tar.</summary>
    public static byte[] Tar => s_tar.Value;

    public static void ImportInto(Daemon daemon)
        => daemon.Docker.RunWith(Tar, "import", "--change", "CMD [\"sh\"]", "--change", "ENV PATH=/bin:/sbin:/usr/bin:/usr/sbin", "-", "busybox:latest").Ok();

    private static byte[] MakeTar()
    {
        string root = TestRun.NewFolder("busybox");
        try
        {
            const string script = """
                set -eu
                cd "$1"
                mkdir -p bin sbin usr/bin usr/sbin etc tmp root var/log proc sys dev
                chmod 1777 tmp
                chmod 700 root
                cp /bin/busybox bin/busybox
                for applet in $(bin/busybox --list); do [ "$applet" = busybox ] || ln -s busybox "bin/$applet"; done
                printf 'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nalice:x:1000:1000:Alice:/home/alice:/bin/sh\n' >etc/passwd
                printf 'root:x:0:\ndaemon:x:1:\nalice:x:1000:\nstaff:x:50:alice\n' >etc/group
                mkdir -p home/alice && chown 1000:1000 home/alice
                echo not-a-program >bin/plain-text && chmod 644 bin/plain-text
                """;
            Command.Run("sh", "-c", script, "sh", root).Ok();
            return Command.Run("tar", "-C", root, "-c", ".").Ok().Output;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
