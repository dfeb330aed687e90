using Hafen.Errors;
using Hafen.Snapshots.Tests;

namespace Hafen.Volumes.Tests.Local;

public sealed class LocalVolumesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private async Task<VolumeStore> OpenAsync() => await VolumeStore.OpenAsync(_folder.Path, default);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_volume_outlives_the_store()
    {
        var created = await (await OpenAsync()).CreateAsync("data", null, null, new Dictionary<string, string> { ["a"] = "b" }, default);
        File.WriteAllText(Path.Combine(created.Mountpoint, "file"), "content");

        var volumes = await OpenAsync();
        var found = volumes.Find("data");
        Assert.NotNull(found);
        Assert.Equal(Path.Combine(_folder.Path, "volumes", "data", "_data"), found.Mountpoint);
        Assert.Equal(created.CreatedAt, found.CreatedAt);
        Assert.Equal("b", found.Labels["a"]);
        Assert.Equal("local", found.Driver);
        Assert.Equal(7, await volumes.UsageAsync("data", default));
        Assert.Equal(created.Mountpoint, (await volumes.CreateAsync("data", "local", null, null, default)).Mountpoint);
        Assert.Equal("755 0 0", Shell.Run("stat", "-c", "%a %u %g", found.Mountpoint).Trim());
    }

    [Fact]
    public async Task A_volume_whose_folder_somebody_has_removed_takes_nothing_and_goes()
    {
        var volumes = await OpenAsync();
        var volume = await volumes.CreateAsync("data", null, null, null, default);
        Directory.Delete(Path.GetDirectoryName(volume.Mountpoint)!, recursive: true);
        Assert.Equal(0, await volumes.UsageAsync("data", default));
        await volumes.RemoveAsync("data", default);
        Assert.Null(volumes.Find("data"));
    }

    [Fact]
    public async Task Only_its_owner_gets_to_a_volume_also_when_it_was_made_wider()
    {
        var volume = await (await OpenAsync()).CreateAsync("data", null, null, null, default);
        string folder = Path.GetDirectoryName(volume.Mountpoint)!, all = Path.GetDirectoryName(folder)!;
        Assert.Equal("700 700 755", Modes());
        Shell.Run("chmod", "0711", all);
        Shell.Run("chmod", "0701", folder);
        await OpenAsync();
        Assert.Equal("700 700 755", Modes());

        string Modes() => string.Join(' ', new[] { all, folder, volume.Mountpoint }.Select(path => Shell.Run("stat", "-c", "%a", path).Trim()));
    }

    [Fact]
    public async Task An_anonymous_volume_has_a_random_name_and_says_so()
    {
        var volume = await (await OpenAsync()).CreateAsync(null, null, null, null, default);
        Assert.Matches("^[0-9a-f]{64}$", volume.Name);
        Assert.True(volume.Labels.ContainsKey("com.docker.volume.anonymous"));
    }

    [Theory]
    [InlineData("x", "create x: volume name is too short, names should be at least two alphanumeric characters")]
    [InlineData("a/b", "create a/b: \"a/b\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path")]
    [InlineData(".hidden", "create .hidden: \".hidden\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path")]
    [InlineData("..", "create ..: \"..\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path")]
    public async Task Bad_names_are_refused_in_Dockers_words(string name, string message)
    {
        var error = await Assert.ThrowsAsync<VolumeException>(async () => await (await OpenAsync()).CreateAsync(name, null, null, null, default));
        Assert.Equal(ErrorKind.InvalidParameter, error.Kind);
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task Unknown_drivers_options_and_volumes_are_refused_by_name()
    {
        var volumes = await OpenAsync();
        Assert.Equal(
            "create data: error looking up volume plugin nosuch: plugin \"nosuch\" not found",
            (await Assert.ThrowsAsync<VolumeException>(async () => await volumes.CreateAsync("data", "nosuch", null, null, default))).Message);
        Assert.Equal(
            "create data: invalid option: \"x\"",
            (await Assert.ThrowsAsync<VolumeException>(async () => await volumes.CreateAsync("data", null, new Dictionary<string, string> { ["x"] = "" }, null, default))).Message);
        Assert.Equal("get data: no such volume", (await Assert.ThrowsAsync<VolumeException>(async () => await volumes.RemoveAsync("data", default))).Message);
        Assert.Empty(volumes.List());
    }

    [Theory]
    [InlineData("missing required option: \"device\"", "type=none")]
    [InlineData("missing required option: \"type\"", "device=/x", "o=bind")]
    [InlineData("missing required option: \"device\"", "o=bind")]
    [InlineData("quota size requested but no quota support", "size=10m")]
    [InlineData("volumes of the type \"nfs\" are not supported: use type=none with o=bind, or type=tmpfs", "type=nfs", "device=:/x", "o=addr=1.2.3.4")]
    [InlineData("the mount option \"ro\" of a bind volume is not supported", "type=none", "device=/x", "o=bind,ro")]
    [InlineData("the device of a bind volume must be an absolute path: \"x\"", "type=none", "device=x", "o=bind")]
    public async Task Options_that_cannot_be_are_refused(string reason, params string[] options)
    {
        var volumes = await OpenAsync();
        var failure = await Assert.ThrowsAsync<VolumeException>(async () => await volumes.CreateAsync("data", null, Options(options), null, default));
        Assert.Equal(ErrorKind.InvalidParameter, failure.Kind);
        Assert.Equal($"create data: {reason}", failure.Message);
        Assert.Empty(volumes.List());
    }

    [Fact]
    public async Task A_bind_volume_is_a_folder_of_the_host_that_stays_when_the_volume_goes()
    {
        string host = Path.Combine(_folder.Path, "host"), layer = Path.Combine(_folder.Path, "layer");
        var created = await (await OpenAsync()).CreateAsync("data", null, Options("type=none", "o=bind", $"device={host}"), null, default);
        // The options are kept.
        var volumes = await OpenAsync();
        Assert.Equal(created.Options, volumes.Find("data")!.Options);

        var failure = await Assert.ThrowsAsync<VolumeException>(async () => await volumes.MountAsync("data", "a", default));
        Assert.Equal(ErrorKind.System, failure.Kind);
        Assert.Equal($"failed to mount local volume: mount {host}:{created.Mountpoint}, flags: 0x1000: no such file or directory", failure.Message);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<VolumeException>(async () => await volumes.RemoveAsync("data", default))).Kind);
        await volumes.UnmountAsync("data", "a", default);

        Shell.Script($"mkdir -p {layer}/srv/sub {host}/.hafen-filling/half; echo one > {layer}/srv/sub/file; chmod 750 {layer}/srv; chown 7:8 {layer}/srv; touch -d 2001-02-03 {layer}/srv");
        await volumes.PopulateAsync("data", [layer], "/srv", default);
        Assert.Equal(host, await volumes.MountAsync("data", "a", default));
        Assert.Equal("one\n", File.ReadAllText(Path.Combine(host, "sub", "file")));
        Assert.Equal(["sub"], Directory.EnumerateFileSystemEntries(host).Select(Path.GetFileName));
        Assert.Equal("750 7 8 2001-02-03", Shell.Run("stat", "-c", "%a %u %g %y", host)[..18]);
        // It is filled once.
        File.WriteAllText(Path.Combine(host, "sub", "file"), "two");
        await volumes.PopulateAsync("data", [layer], "/srv", default);
        Assert.Empty(Directory.EnumerateFileSystemEntries(created.Mountpoint));

        await volumes.UnmountAsync("data", "a", default);
        await volumes.RemoveAsync("data", default);
        Assert.Equal("two", File.ReadAllText(Path.Combine(host, "sub", "file")));
    }

    [Fact]
    public async Task A_volume_in_memory_is_there_as_long_as_somebody_uses_it()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("mounting needs root");
        var first = await OpenAsync();
        string folder = (await first.CreateAsync("data", null, Options("type=tmpfs", "device=tmpfs", "o=size=64k,mode=711,nosuid,noexec"), null, default)).Mountpoint;
        try
        {
            await first.HoldAsync("data", "maker", default);
            Assert.DoesNotContain(folder, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
            Assert.Equal(folder, await first.MountAsync("data", "a", default));
            await first.UnmountAsync("data", "maker", default);
            File.WriteAllText(Path.Combine(folder, "file"), "x");
            string line = File.ReadLines("/proc/self/mountinfo").Single(line => line.Contains($" {folder} ", StringComparison.Ordinal));
            Assert.Contains("rw,nosuid,noexec", line, StringComparison.Ordinal);
            Assert.Contains("size=64k", line, StringComparison.Ordinal);
            Assert.Equal("711", Shell.Run("stat", "-c", "%a", folder).Trim());

            // Another daemon finds it as it is.
            var second = await OpenAsync();
            await second.MountAsync("data", "a", default);
            await second.MountAsync("data", "b", default);
            await second.UnmountAsync("data", "a", default);
            Assert.True(File.Exists(Path.Combine(folder, "file")));
            await second.UnmountAsync("data", "b", default);
            Assert.False(File.Exists(Path.Combine(folder, "file")));

            // One that was killed leaves it, and what is mounted goes with the volume.
            await second.MountAsync("data", "c", default);
            var third = await OpenAsync();
            await third.RemoveAsync("data", default);
            Assert.False(Directory.Exists(folder));
        }
        finally
        {
            Hafen.Linux.Mounts.HostMount.Detach(folder);
        }
    }

    [Fact]
    public async Task What_the_kernel_does_not_mount_is_told_with_its_reason()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("mounting needs root");
        var volumes = await OpenAsync();
        string folder = (await volumes.CreateAsync("data", null, Options("type=tmpfs", "device=tmpfs", "o=nonsense=1"), null, default)).Mountpoint;
        var failure = await Assert.ThrowsAsync<VolumeException>(async () => await volumes.MountAsync("data", "a", default));
        Assert.Equal($"failed to mount local volume: mount tmpfs:{folder}, data: nonsense=1: invalid argument", failure.Message);
        await volumes.UnmountAsync("data", "a", default);
        await volumes.RemoveAsync("data", default);
    }

    private static Dictionary<string, string> Options(params string[] options)
        => options.ToDictionary(option => option[..option.IndexOf('=')], option => option[(option.IndexOf('=') + 1)..], StringComparer.Ordinal);

    [Fact]
    public async Task Removal_takes_the_content_along_and_follows_no_link()
    {
        var volumes = await OpenAsync();
        var volume = await volumes.CreateAsync("data", null, null, null, default);
        string precious = Path.Combine(_folder.Path, "precious");
        Directory.CreateDirectory(precious);
        File.WriteAllText(Path.Combine(precious, "file"), "keep");
        Directory.CreateSymbolicLink(Path.Combine(volume.Mountpoint, "link"), precious);
        await volumes.RemoveAsync("data", default);
        Assert.Null(volumes.Find("data"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder.Path, "volumes")));
        Assert.Equal("keep", File.ReadAllText(Path.Combine(precious, "file")));
    }

    [Fact]
    public async Task A_half_made_volume_goes_at_open_and_foreign_data_stays()
    {
        await OpenAsync();
        string volumes = Path.Combine(_folder.Path, "volumes");
        Directory.CreateDirectory(Path.Combine(volumes, "half", "_data"));
        Directory.CreateDirectory(Path.Combine(volumes, ".trash-1", "_data"));
        Directory.CreateDirectory(Path.Combine(volumes, "foreign", "_data"));
        File.WriteAllText(Path.Combine(volumes, "foreign", "_data", "file"), "");
        Assert.Equal(["foreign"], (await OpenAsync()).List().Select(v => v.Name));
        Assert.False(Directory.Exists(Path.Combine(volumes, "half")));
        Assert.False(Directory.Exists(Path.Combine(volumes, ".trash-1")));
    }

    [Fact]
    public async Task An_empty_volume_takes_over_what_the_image_has_there()
    {
        string upper = Path.Combine(_folder.Path, "upper"), lower = Path.Combine(_folder.Path, "lower");
        Shell.Script(
            $"""
            mkdir -p {upper}/srv/www/kept {upper}/srv/www/hidden {lower}/srv/www/kept {lower}/srv/www/hidden
            echo below > {lower}/srv/www/kept/below; echo below > {lower}/srv/www/both; echo above > {upper}/srv/www/both
            echo gone > {lower}/srv/www/gone; mknod {upper}/srv/www/gone c 0 0
            echo gone > {lower}/srv/www/hidden/gone; setfattr -n trusted.overlay.opaque -v y {upper}/srv/www/hidden
            ln {lower}/srv/www/kept/below {lower}/srv/www/kept/again; ln -s /etc/passwd {lower}/srv/www/link
            mkfifo {lower}/srv/www/pipe; truncate -s 10M {lower}/srv/www/sparse
            ln -s ../srv {lower}/var
            chown 33:34 {upper}/srv/www; chmod 2750 {upper}/srv/www; chown 7:8 {lower}/srv/www/kept/below; chmod 4755 {lower}/srv/www/kept/below
            setfattr -n user.test -v value {lower}/srv/www/kept/below; touch -d @1000000000.123456789 {lower}/srv/www/kept/below {upper}/srv/www
            """);
        var volumes = await OpenAsync();
        string data = (await volumes.CreateAsync("data", null, null, null, default)).Mountpoint;
        await volumes.PopulateAsync("data", [upper, lower], "/var/www", default);

        Assert.Equal("2750 33 34", Shell.Run("stat", "-c", "%a %u %g", data).Trim());
        Assert.StartsWith("1000000000.123456789", Shell.Run("stat", "-c", "%.9Y", data), StringComparison.Ordinal);
        Assert.Equal("again below both hidden kept link pipe sparse", string.Join(' ', Directory.EnumerateFileSystemEntries(data, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order()));
        Assert.Equal("above\n", File.ReadAllText(Path.Combine(data, "both")));
        Assert.Equal("4755 7 8 2 1000000000.123456789", Shell.Run("stat", "-c", "%a %u %g %h %.9Y", Path.Combine(data, "kept", "below")).Trim());
        Assert.Contains("user.test=\"value\"", Shell.Run("getfattr", "-d", "--absolute-names", Path.Combine(data, "kept", "below")), StringComparison.Ordinal);
        Assert.Equal("/etc/passwd", new FileInfo(Path.Combine(data, "link")).LinkTarget);
        Assert.Equal("fifo", Shell.Run("stat", "-c", "%F", Path.Combine(data, "pipe")).Trim());
        Assert.True(long.Parse(Shell.Run("stat", "-c", "%b", Path.Combine(data, "sparse"))) < 100);

        // Not empty any more: nothing is copied over what is there.
        File.WriteAllText(Path.Combine(upper, "srv", "www", "late"), "");
        await volumes.PopulateAsync("data", [upper, lower], "/srv/www", default);
        Assert.False(File.Exists(Path.Combine(data, "late")));
    }

    [Fact]
    public async Task The_folder_stays_the_same_one_for_those_who_have_it_mounted()
    {
        string layer = Path.Combine(_folder.Path, "layer");
        Shell.Script($"mkdir -p {layer}/srv/sub; echo one > {layer}/srv/one; echo two > {layer}/srv/sub/two; chmod 1777 {layer}/srv");
        var volumes = await OpenAsync();
        string data = (await volumes.CreateAsync("data", null, null, null, default)).Mountpoint;
        string inode = Shell.Run("stat", "-c", "%i", data);
        await volumes.PopulateAsync("data", [layer], "/srv", default);
        Assert.Equal(inode, Shell.Run("stat", "-c", "%i", data));
        Assert.Equal("1777", Shell.Run("stat", "-c", "%a", data).Trim());
        Assert.Equal("./one ./sub ./sub/two", Names(data));
        Assert.Equal(["_data", "volume.json"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(data)!).Select(p => Path.GetFileName(p)).Order());
    }

    [Fact]
    public async Task A_crash_while_a_volume_is_filled_leaves_it_empty_or_full()
    {
        var volumes = await OpenAsync();
        string copying = (await volumes.CreateAsync("copying", null, null, null, default)).Mountpoint, moving = (await volumes.CreateAsync("moving", null, null, null, default)).Mountpoint;
        // One was killed while it copied, the other while it moved what it had copied; a program has written to it since.
        Shell.Script($"mkdir {copying}.new; echo half > {copying}.new/file");
        Shell.Script($"mkdir -p {moving}.full/sub; echo one > {moving}.full/sub/one; echo old > {moving}.full/mine; echo two > {moving}/two; echo new > {moving}/mine; chmod 1777 {moving}.full");
        await OpenAsync();
        Assert.Equal("", Names(copying));
        Assert.Equal("./mine ./sub ./sub/one ./two", Names(moving));
        Assert.Equal("new\n", File.ReadAllText($"{moving}/mine"));
        Assert.Equal("1777", Shell.Run("stat", "-c", "%a", moving).Trim());
        foreach (string data in (string[])[copying, moving])
            Assert.Equal(["_data", "volume.json"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(data)!).Select(p => Path.GetFileName(p)).Order());
    }

    [Fact]
    public async Task A_folder_put_there_by_hand_becomes_the_volume_and_is_never_removed()
    {
        var volumes = await OpenAsync();
        Shell.Script($"mkdir -p {_folder.Path}/volumes/backup/_data; echo precious > {_folder.Path}/volumes/backup/_data/file");
        Assert.Null(volumes.Find("backup"));
        string data = (await volumes.CreateAsync("backup", null, null, null, default)).Mountpoint;
        Assert.Equal("precious\n", File.ReadAllText($"{data}/file"));

        // Its content was taken away by hand: the volume is empty, not gone.
        await volumes.CreateAsync("emptied", null, null, new Dictionary<string, string> { ["a"] = "b" }, default);
        Shell.Script($"rm -r {_folder.Path}/volumes/emptied/_data");
        var again = await OpenAsync();
        Assert.Equal("b", again.Find("emptied")!.Labels["a"]);
        Assert.True(Directory.Exists(again.Find("emptied")!.Mountpoint));
    }

    [Fact]
    public async Task A_mounted_volume_is_not_removed()
    {
        var volumes = await OpenAsync();
        await volumes.CreateAsync("data", null, null, null, default);
        await volumes.MountAsync("data", "one", default);
        await volumes.MountAsync("data", "one", default);
        await volumes.MountAsync("data", "two", default);
        await volumes.UnmountAsync("data", "one", default);
        await volumes.UnmountAsync("data", "nobody", default);
        var error = await Assert.ThrowsAsync<VolumeException>(async () => await volumes.RemoveAsync("data", default));
        Assert.Equal((ErrorKind.Conflict, "remove data: volume is in use - [two]"), (error.Kind, error.Message));
        await volumes.UnmountAsync("data", "two", default);
        await volumes.RemoveAsync("data", default);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<VolumeException>(async () => await volumes.MountAsync("data", "one", default))).Kind);
    }

    private static string Names(string folder) => string.Join(' ', Shell.Script("find . -mindepth 1 | sort", folder).Split('\n', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public async Task Nothing_at_the_mount_point_leaves_the_volume_as_it_was()
    {
        var volumes = await OpenAsync();
        string data = (await volumes.CreateAsync("data", null, null, null, default)).Mountpoint;
        string layer = Path.Combine(_folder.Path, "layer");
        Directory.CreateDirectory(layer);
        File.WriteAllText(Path.Combine(layer, "file"), "");
        await volumes.PopulateAsync("data", [layer], "/absent/folder", default);
        await volumes.PopulateAsync("data", [layer], "/file", default);
        Assert.Empty(Directory.EnumerateFileSystemEntries(data));
        Assert.Equal("755 0 0", Shell.Run("stat", "-c", "%a %u %g", data).Trim());
    }
}
