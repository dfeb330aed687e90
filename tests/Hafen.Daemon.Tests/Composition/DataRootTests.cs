using System.Diagnostics;
using Hafen.Daemon.Composition;
using Hafen.Volumes;

namespace Hafen.Daemon.Tests.Composition;

/// <summary>Other users of the host get nowhere below the data root (CVE-2021-41091).</summary>
public sealed class DataRootTests : IDisposable
{
    private const string Nobody = "65534";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hafen-root-");

    public DataRootTests() => File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0x1ED);

    private string Root => Path.Combine(_folder.FullName, "data");

    private DaemonPaths Paths => new(Root, Path.Combine(_folder.FullName, "run"), "", null, "");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void It_is_closed_to_others_and_an_existing_one_is_closed_as_far_as_it_was_open()
    {
        Paths.Prepare();
        Assert.Equal((UnixFileMode)0x1C8, File.GetUnixFileMode(Root));
        Assert.Equal((UnixFileMode)0x1C9, File.GetUnixFileMode(Path.Combine(_folder.FullName, "run")));

        var inner = Directory.CreateDirectory(Path.Combine(Root, "layers"));
        inner.UnixFileMode = (UnixFileMode)0x1ED;
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder.FullName, "elsewhere"));
        elsewhere.UnixFileMode = (UnixFileMode)0x1ED;
        File.CreateSymbolicLink(Path.Combine(Root, "link"), elsewhere.FullName);
        File.SetUnixFileMode(Root, (UnixFileMode)0x1C9);
        Paths.Prepare();
        Assert.Equal((UnixFileMode)0x1C8, File.GetUnixFileMode(Root));
        Assert.Equal((UnixFileMode)0x1C8, File.GetUnixFileMode(inner.FullName));
        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(elsewhere.FullName));

        File.SetUnixFileMode(Root, (UnixFileMode)0x1C0);
        Paths.Prepare();
        Assert.Equal((UnixFileMode)0x1C0, File.GetUnixFileMode(Root));
    }

    [Fact]
    public async Task A_setuid_file_in_a_volume_makes_nobody_root()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root");
        // As an earlier daemon has made them.
        Directory.CreateDirectory(Root, (UnixFileMode)0x1C9);
        var volume = await (await VolumeStore.OpenAsync(Root, default)).CreateAsync("data", null, null, null, default);
        string program = Path.Combine(volume.Mountpoint, "id");
        File.Copy("/usr/bin/id", program);
        File.SetUnixFileMode(program, (UnixFileMode)0x9ED);
        foreach (string folder in (string[])[Root + "/volumes", Root + "/volumes/data"])
            File.SetUnixFileMode(folder, (UnixFileMode)0x1C9);
        Assert.Equal("0", AsNobody(program, "-u"));

        Paths.Prepare();
        Assert.Equal("", AsNobody(program, "-u"));
        // Not by the upper level alone either.
        File.SetUnixFileMode(Root, (UnixFileMode)0x1ED);
        Assert.Equal("", AsNobody(program, "-u"));
    }

    private static string AsNobody(params string[] command)
    {
        // setpriv itself executes with the capabilities it had as root; the shell has lost them.
        var start = new ProcessStartInfo("setpriv", ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", "sh", "-c", "exec \"$@\"", "sh", .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Trim();
    }
}
