using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

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

    /// <summary>
    /// A docker-archive of one layer: 200 MB of noise in 10,000 files. Each number gives other files, so that nothing need be removed between
    /// two loads: ext4 walks around recently freed inodes for minutes, and would be what is measured.
    /// </summary>
    public static string MakeArchive(int number)
    {
        string layer = Path.Combine(Path.GetTempPath(), $"hafen-bench-layer-{Environment.ProcessId}-{number}.tar");
        string archive = Path.Combine(Path.GetTempPath(), $"hafen-bench-image-{Environment.ProcessId}-{number}.tar");
        using (var tar = new TarWriter(File.Create(layer), TarEntryFormat.Pax))
        {
            var random = new Random(number);
            byte[] noise = new byte[4096];
            for (int i = 0; i < 10_000; i++)
            {
                if (i % 100 == 0)
                    tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, $"usr/share/d{i / 100}/"));
                random.NextBytes(noise);
                byte[] content = new byte[random.Next(200, 40_000)];
                for (int at = 0; at < content.Length; at += noise.Length)
                    Array.Copy(noise, 0, content, at, Math.Min(noise.Length, content.Length - at));
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"usr/share/d{i / 100}/f{i}") { DataStream = new MemoryStream(content) });
            }
        }
        using (var tar = new TarWriter(File.Create(archive), TarEntryFormat.Pax))
        using (var stream = File.OpenRead(layer))
        {
            string diffId = Convert.ToHexStringLower(SHA256.HashData(stream));
            string config = $$"""{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:{{diffId}}"]},"history":[{"created_by":"bench"}]}""";
            string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(config))) + ".json";
            stream.Position = 0;
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.ASCII.GetBytes(config)) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{diffId}/layer.tar") { DataStream = stream });
            string manifest = $$"""[{"Config":"{{name}}","RepoTags":["big:{{number}}"],"Layers":["{{diffId}}/layer.tar"]}]""";
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "manifest.json") { DataStream = new MemoryStream(Encoding.ASCII.GetBytes(manifest)) });
        }
        File.Delete(layer);
        return archive;
    }
}
