using Hafen.Errors;
using Hafen.Oci;
using Hafen.Oci.Images;
using Hafen.Snapshots.Tar;
using Hafen.Snapshots.Tests.Overlay;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Snapshots.Tests.Changes;

/// <summary>What a container did to its files, as a list and as a layer.</summary>
public sealed class ChangesTests
{
    /// <summary>Everything that a container can do to what is below it, done through the kernel's overlay.</summary>
    private const string Everything =
        """
        echo changed > etc/motd; rm etc/gone; rm -r etc/folder
        rm -r opaque; mkdir -m 2750 opaque; echo new > opaque/new; chown 7:8 opaque
        rm file; mkdir file; echo in > file/in; rm -r folder; echo now > folder; rm link; ln -s elsewhere link
        mkdir -p made/deep/deeper; touch -d @1000000000.123456789 made/file; touch -h -d @-5.5 link; touch -d @-1 made/before
        echo linked > a-first; ln a-first made/second; ln a-first z-third; ln linked-a made/linked-c
        mknod null c 1 3; mknod disk b 259 70000; mkfifo pipe; chmod 4711 setuid; chmod 1777 made
        setfattr -n user.note -v text made/file; setfattr -n trusted.note -v secret made/deep; setfattr -n user.below -v more xattr
        cp /bin/true capable; setcap cap_net_raw+ep capable
        truncate -s 64M sparse; echo end >> sparse; truncate -s 40M hole; echo small > sparse2; truncate -s 100k sparse2
        chown 123456789:4000000000 made/before; echo touched > touched; touch untouched.new; rm untouched.new
        touch "$(printf 'caf\303\251')" "$(printf 'latin\351')" "$(printf 'line\nbreak')"
        long=$(printf 'n%.0s' $(seq 200)); mkdir -p $long/$long; echo long > $long/$long/$long; ln -s $long/$long/$long long-link; ln $long/$long/$long long-second
        python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")' 2>/dev/null || true
        touch -d @1100000000.5 opaque made/deep etc
        """;

    private static byte[] Base => new TarBuilder()
        .Folder("etc").File("etc/motd", "hello").File("etc/gone").Folder("etc/folder").File("etc/folder/below")
        .Folder("opaque").File("opaque/old").Folder("opaque/sub").File("opaque/sub/deep")
        .File("file", "was a file").Folder("folder").File("folder/below").Link("link", "there").File("setuid", "x").File("touched", "was it")
        .File("linked-a", "two names").HardLink("linked-b", "linked-a").Pax(("SCHILY.xattr.user.below", "is there")).File("xattr").File("kept", "as it is")
        .Build();

    [Fact]
    public async Task The_layer_makes_the_same_tree()
    {
        await using LayerFixture fixture = new();
        var parent = await fixture.ApplyAsync(Base, new TarBuilder().File("etc/.wh.nothing").Folder("second").File("second/x", "y").Build());
        fixture.Snapshotter.Prepare("one", parent, keep: false);
        string root = fixture.MountSnapshot("one");
        Shell.Script(Everything, root);

        var (written, tar) = await fixture.Snapshotter.ChangesAsync("one");
        Assert.Equal(Digest.OfSha256(tar), written.DiffId);
        Assert.True(tar.Length < 1 << 20, $"{tar.Length} bytes: the holes are in it");
        var chainId = ChainIds.Next(parent, written.DiffId);
        await fixture.Snapshotter.ApplyAsync(chainId, parent, new MemoryStream(tar), default);
        // The bytes come back from the layer, sparse files and all.
        Assert.Equal(tar, await fixture.DiffAsync(chainId));

        if (File.Exists($"{root}/socket"))
            File.Delete($"{root}/socket");
        Assert.Equal(Listing(root), Listing(fixture.Mount(chainId)));
        // Whatever is applied to the same parent: the same bytes from another mount of the same.
        fixture.Unmount(root);
        fixture.MountSnapshot("one");
        Assert.Equal(tar, (await fixture.Snapshotter.ChangesAsync("one")).Tar);
    }

    [Fact]
    public async Task The_whole_tree_is_what_the_container_sees()
    {
        await using LayerFixture fixture = new();
        var parent = await fixture.ApplyAsync(
            Base, new TarBuilder().File("etc/.wh.gone").File(".wh.kept").Folder("opaque").File("opaque/.wh..wh..opq").File("opaque/second").Folder("second").File("second/x", "y").Build());
        fixture.Snapshotter.Prepare("one", parent, keep: false);
        string root = fixture.MountSnapshot("one");
        Shell.Script(Everything.Replace("rm etc/gone;", "", StringComparison.Ordinal), root);
        if (File.Exists($"{root}/socket"))
            File.Delete($"{root}/socket");

        byte[] tar = await fixture.Snapshotter.TreeAsync("one");
        // Read by GNU tar, with everything it knows.
        string copy = $"{fixture.Scratch}/copy";
        Directory.CreateDirectory(copy);
        File.WriteAllBytes($"{fixture.Scratch}/tree.tar", tar);
        Shell.Run("tar", "--xattrs", "--xattrs-include=*", "--numeric-owner", "-xpf", $"{fixture.Scratch}/tree.tar", "-C", copy);
        // The other name of a file that was copied up counts two for the kernel.
        Assert.Equal(Listing(root, links: false), Listing(copy, links: false));
        Assert.Contains(".dockerenv", TarListing.Names(tar));
    }

    [Fact]
    public async Task Changes_are_listed_as_docker_diff_does()
    {
        await using LayerFixture fixture = new();
        var parent = await fixture.ApplyAsync(Base);
        fixture.Snapshotter.Prepare("one", parent, keep: false);
        string root = fixture.MountSnapshot("one");
        Assert.Empty(fixture.Snapshotter.Lines("one"));
        Shell.Script(
            """
            echo changed > etc/motd; rm -r etc/folder; chmod 600 setuid; chmod 644 setuid; chown 5 kept; touch -d @1 touched
            rm -r opaque; mkdir -m 755 opaque; mkdir -m 755 opaque/sub; echo x > opaque/new
            rm file; mkdir -p file/in; rm -r folder; echo x > folder; mkdir new; rm etc/mtab; setcap cap_net_raw+ep xattr
            """,
            root);
        Assert.Equal(
            [
                "C /etc", "D /etc/folder", "C /etc/motd", "D /etc/mtab", "C /file", "A /file/in", "C /folder", "C /kept", "A /new",
                "C /opaque", "A /opaque/new", "D /opaque/old", "C /opaque/sub", "D /opaque/sub/deep", "C /touched", "C /xattr",
            ],
            fixture.Snapshotter.Lines("one"));
    }

    [Fact]
    public async Task Marks_are_where_there_is_something_to_hide_and_nowhere_else()
    {
        await using LayerFixture fixture = new();
        var parent = await fixture.ApplyAsync(Base);
        fixture.Snapshotter.Prepare("one", parent, keep: false);
        // The kernel marks a folder that is made in one of the layers below as opaque; a file that has a mark's name is none.
        Shell.Script("mkdir new etc/new; rm -r opaque; mkdir -p opaque/sub; touch .wh.kept new/.wh..wh..opq; rm file; mkdir file; rm linked-a; rm -r folder", fixture.MountSnapshot("one"));
        var (_, tar) = await fixture.Snapshotter.ChangesAsync("one");
        Assert.Equal(
            ["etc/", "etc/new/", "file/", ".wh.folder", ".wh.linked-a", "new/", "opaque/", "opaque/.wh..wh..opq", "opaque/sub/"],
            TarListing.Names(tar));
        var mark = TarListing.Read(tar).Single(entry => entry.Entry.Name == ".wh.folder").Entry;
        Assert.Equal((TarType.File, 0x180u, 0L, 0L), (mark.Type, mark.Permissions, mark.Size, mark.Modified.Seconds));
        // A tree is no layer: there it is a file like any other.
        Assert.Contains(".wh.kept", TarListing.Names(await fixture.Snapshotter.TreeAsync("one")));
    }

    [Fact]
    public async Task A_socket_hides_what_is_below_and_is_in_no_archive()
    {
        await using LayerFixture fixture = new();
        var parent = await fixture.ApplyAsync(Base);
        fixture.Snapshotter.Prepare("one", parent, keep: false);
        string root = fixture.MountSnapshot("one");
        File.Delete($"{root}/kept");
        using System.Net.Sockets.Socket socket = new(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint($"{root}/kept"));
        Shell.Run("ln", $"{root}/kept", $"{root}/second");
        Assert.Equal([".wh.kept"], TarListing.Names((await fixture.Snapshotter.ChangesAsync("one")).Tar));
        Assert.DoesNotContain("second", TarListing.Names(await fixture.Snapshotter.TreeAsync("one")));
        Assert.Equal(["C /kept", "A /second"], fixture.Snapshotter.Lines("one"));
    }

    [Fact]
    public async Task What_lies_elsewhere_is_refused_and_not_left_out()
    {
        await using LayerFixture fixture = new();
        var parent = await fixture.ApplyAsync(Base);
        fixture.Snapshotter.Prepare("one", parent, keep: false);
        string target = $"{fixture.Scratch}/redirecting";
        Directory.CreateDirectory(target);
        var mount = fixture.Snapshotter.Mounts("one")[0];
        Shell.Run("mount", "-t", "overlay", "-o", string.Join(',', [.. mount.Options!.Where(option => option != "volatile"), "redirect_dir=on"]), "overlay", target);
        try
        {
            Directory.Move($"{target}/opaque", $"{target}/renamed");
        }
        finally
        {
            Shell.Run("umount", target);
        }

        var error = await Assert.ThrowsAsync<SnapshotException>(() => fixture.Snapshotter.WriteChangesAsync("one", Stream.Null, default));
        Assert.Equal(ErrorKind.NotImplemented, error.Kind);
        Assert.Contains("redirect", error.Message, StringComparison.Ordinal);
        Assert.Throws<SnapshotException>(() => fixture.Snapshotter.Lines("one"));
        await Assert.ThrowsAsync<SnapshotException>(() => fixture.Snapshotter.WriteTreeAsync("one", Stream.Null, default));
    }

    private static string Listing(string root, bool links = true)
        => Shell.Script(
            $$"""
            export LC_ALL=C
            find . -mindepth 1 -type d -printf '%p %y %m %U %G %T@\n' | sort
            find . -mindepth 1 ! -type d -printf '%p %y %m %U %G %T@ %l %s {{(links ? "%n" : "")}}\n' | sort
            find . \( -type b -o -type c \) -exec stat -c '%n %t %T' {} \; | sort
            find . -mindepth 1 -print0 | sort -z | xargs -0 getfattr -h -d -m '^(user|security|trusted.note)' -e hex
            find . -type f -print0 | sort -z | xargs -0 sha256sum
            for sparse in sparse hole; do test $(stat -c %b $sparse) -lt 200 && echo $sparse; done
            """,
            root);
}
