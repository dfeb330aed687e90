using System.Text;
using Hafen.Engine.Containers.Spec;

namespace Hafen.Engine.Tests.Containers.Spec;

public sealed class UserLookupTests
{
    private const string Passwd = """
        root:x:0:0:root:/root:/bin/sh
        # comment
        broken:line
        app:x:1000:1001:An app:/home/app:/bin/sh
        twin:x:1000:7::/home/twin:/bin/sh
        bad:x:4294967296:1::/:/bin/sh
        """;

    private const string Group = """
        root:x:0:
        wheel:x:10:root,app
        app:x:1001:
        video:x:44:app
        """;

    [Theory]
    [InlineData(null, 0, 0, "0,10", "/root")]
    [InlineData("", 0, 0, "0,10", "/root")]
    [InlineData("app", 1000, 1001, "1001,10,44", "/home/app")]
    [InlineData("1000", 1000, 1001, "1001,10,44", "/home/app")]
    [InlineData("app:video", 1000, 44, "44", "/home/app")]
    [InlineData("app:50", 1000, 50, "50", "/home/app")]
    [InlineData("4711", 4711, 0, "0", "/")]
    [InlineData("4711:4712", 4711, 4712, "4712", "/")]
    public void Found(string? text, uint uid, uint gid, string groups, string home)
    {
        var user = UserLookup.Find(text, null, Encoding.UTF8.GetBytes(Passwd), Encoding.UTF8.GetBytes(Group));
        Assert.Equal((uid, gid, home), (user.Uid, user.Gid, user.Home));
        Assert.Equal(groups, string.Join(',', user.AdditionalGids));
    }

    [Theory]
    [InlineData("nobody", "unable to find user nobody: no matching entries in passwd file")]
    [InlineData("app:nobody", "unable to find group nobody: no matching entries in group file")]
    [InlineData("2147483648", "uids and gids must be in range 0-2147483647")]
    [InlineData("4294967296", "uids and gids must be in range 0-2147483647")]
    [InlineData("99999999999999999999999", "uids and gids must be in range 0-2147483647")]
    [InlineData("-1", "uids and gids must be in range 0-2147483647")]
    [InlineData("1:4294967296", "uids and gids must be in range 0-2147483647")]
    [InlineData("bad", "uids and gids must be in range 0-2147483647")]
    public void Refused(string text, string message)
    {
        var error = Assert.Throws<UserLookupException>(() => UserLookup.Find(text, null, Encoding.UTF8.GetBytes(Passwd), Encoding.UTF8.GetBytes(Group)));
        Assert.Equal(message, error.Message);
    }

    /// <summary>An image that calls its root <c>1000</c> makes nobody root (CVE-2016-3697), and the same for groups.</summary>
    [Theory]
    [InlineData("1000", 1000, 0)]
    [InlineData("+1000", 1000, 0)]
    [InlineData("5:1000", 5, 1000)]
    [InlineData("1000:1000", 1000, 1000)]
    public void A_number_is_never_a_name(string text, uint uid, uint gid)
    {
        byte[] passwd = "1000:x:0:0::/root:/bin/sh\n+1000:x:0:0::/root:/bin/sh\n"u8.ToArray();
        byte[] group = "1000:x:0:\n77:x:0:\n"u8.ToArray();
        var user = UserLookup.Find(text, ["77"], passwd, group);
        Assert.Equal((uid, gid), (user.Uid, user.Gid));
        Assert.Contains(77u, user.AdditionalGids);
        Assert.Equal(gid == 0, user.AdditionalGids.Contains(0u));
    }

    /// <summary>A number too large for any user is none, also where the image has a user of that name.</summary>
    [Theory]
    [InlineData("99999999999999999999999")]
    [InlineData("-7")]
    [InlineData("0:99999999999999999999999")]
    public void A_number_out_of_range_is_no_name_either(string text)
    {
        byte[] passwd = "99999999999999999999999:x:0:0::/:/bin/sh\n-7:x:0:0::/:/bin/sh\n"u8.ToArray();
        Assert.Throws<UserLookupException>(() => UserLookup.Find(text, null, passwd, "99999999999999999999999:x:0:\n"u8));
        Assert.Throws<UserLookupException>(() => UserLookup.Find("0", ["99999999999999999999999"], passwd, "99999999999999999999999:x:0:\n"u8));
    }

    /// <summary>Files made to be slow or to fill memory: their fields are looked at where they stand.</summary>
    [Fact]
    public void Hostile_files_cost_time_and_memory_in_proportion()
    {
        byte[] colons = [.. Enumerable.Repeat((byte)':', 4_000_000)];
        byte[] members = [.. "video:x:44:"u8, .. Enumerable.Repeat((byte)',', 4_000_000)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        var user = UserLookup.Find("5", null, colons, members);
        Assert.Equal((5u, 0u), (user.Uid, user.Gid));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);

        byte[] groups = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(1, 70_000).Select(gid => $"g{gid}:x:{gid}:root")));
        Assert.Throws<UserLookupException>(() => UserLookup.Find("root", null, "root:x:0:0::/:"u8, groups));
    }

    [Fact]
    public void Additional_groups_by_name_and_number()
    {
        var user = UserLookup.Find("app", ["root", "77"], Encoding.UTF8.GetBytes(Passwd), Encoding.UTF8.GetBytes(Group));
        Assert.Equal([1001u, 10, 44, 0, 77], user.AdditionalGids);
    }

    [Fact]
    public void Without_files_root_is_root()
    {
        var user = UserLookup.Find(null, null, [], []);
        Assert.Equal((0u, 0u, "/"), (user.Uid, user.Gid, user.Home));
    }
}
