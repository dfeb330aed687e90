using Hafen.Linux.Nftables;
using Hafen.Linux.Tests.Netlink;
using Nft = Hafen.Linux.Nftables.Nftables;

namespace Hafen.Linux.Tests.Nftables;

public sealed class NftablesTests
{
    [Fact]
    public void CommandsComeIntoForceTogetherOrNotAtAll()
    {
        using var space = new TestNamespace();
        space.Run(() =>
        {
            using var nftables = new Nft();
            nftables.Run("add table ip a\nadd chain ip a c\n");
            Assert.Contains("chain c", nftables.Run("list ruleset"), StringComparison.Ordinal);
            var exception = Assert.Throws<NftablesException>(() => nftables.Run("add table ip b\nadd chain ip nowhere c\n"));
            Assert.Contains("No such file or directory", exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("table ip b", nftables.Run("list ruleset"), StringComparison.Ordinal);
            Assert.Contains("\"nftables\"", nftables.Query("list chains"), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void TheLibraryMayComeAndGo()
    {
        using var space = new TestNamespace();
        for (int i = 0; i < 3; i++)
        {
            space.Run(() =>
            {
                using var nftables = new Nft();
                nftables.Run("add table ip a");
            });
        }
    }

    [Theory]
    [InlineData(-1, true)] // -NF_DROP - 1
    [InlineData(-2, false)] // -NF_ACCEPT - 1
    public void ALegacyPolicyIsReadFromItsEntry(int verdict, bool drops)
    {
        // An entry before it, then the chain's last one: 112 bytes of ipt_entry, a standard target of 40.
        byte[] entries = new byte[152 * 2];
        BitConverter.TryWriteBytes(entries.AsSpan(152 + 88), (ushort)112);
        BitConverter.TryWriteBytes(entries.AsSpan(152 + 112 + 32), verdict);
        Assert.Equal(drops, LegacyIptables.Drops(entries, 152));
        Assert.False(LegacyIptables.Drops(entries, 300));
        Assert.False(LegacyIptables.Drops(entries.AsSpan(0, 270), 152));
    }
}
