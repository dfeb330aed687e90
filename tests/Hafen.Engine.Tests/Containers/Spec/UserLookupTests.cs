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
