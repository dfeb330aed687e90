namespace Hafen.Bench;

/// <summary>What is run: busybox for most work, and a 200 MB image of many files for load and save.</summary>
internal static class Images
{
    public static void ImportBusybox(Server server)
    {
        string root = Directory.CreateTempSubdirectory("hafen-bench-busybox-").FullName;
        Shell.Run("sh", "-c", $"cd {root} && mkdir -p bin tmp etc && cp /bin/busybox bin/ && for a in $(bin/busybox --list); do [ $a = busybox ] || ln -s busybox bin/$a; done && echo root:x:0:0::/root:/bin/sh > etc/passwd && tar -cf {root}.tar .");
        Shell.Run(server, "docker", "import", "--change", "ENV PATH=/bin", root + ".tar", "busybox");
        Shell.Run("rm", "-rf", root, root + ".tar");
    }

    /// <summary>About 200 MB in 10,000 files, part text, part of this machine's programs; the same for both daemons.</summary>
    public static string MakeBigRoot()
    {
        string tar = Path.Combine(Path.GetTempPath(), $"hafen-bench-big-{Environment.ProcessId}.tar");
        string root = Directory.CreateTempSubdirectory("hafen-bench-big-").FullName;
        var random = new Random(7);
        byte[] noise = new byte[4096];
        for (int i = 0; i < 10_000; i++)
        {
            string folder = Path.Combine(root, "usr/share/d" + (i / 100));
            Directory.CreateDirectory(folder);
            random.NextBytes(noise);
            byte[] content = new byte[random.Next(200, 40_000)];
            for (int at = 0; at < content.Length; at += noise.Length) Array.Copy(noise, 0, content, at, Math.Min(noise.Length, content.Length - at));
            File.WriteAllBytes(Path.Combine(folder, "f" + i), content);
        }
        Shell.Run("tar", "-cf", tar, "-C", root, ".");
        Shell.Run("rm", "-rf", root);
        return tar;
    }
}
