using Hafen.Linux.Sockets;

namespace Hafen.Linux.Tests.Sockets;

public sealed class StreamSocketTests
{
    [Fact]
    public void It_is_known_when_the_peer_has_read_everything()
    {
        var (ours, theirs) = StreamSocket.Pair();
        using (ours)
        using (theirs)
        {
            Assert.True(ours.PeerHasRead);
            ours.TryWrite("first"u8);
            ours.TryWrite("second"u8);
            Assert.False(ours.PeerHasRead);
            Assert.Equal(5, theirs.TryRead(new byte[5]));
            Assert.False(ours.PeerHasRead);
            Assert.Equal(6, theirs.TryRead(new byte[100]));
            Assert.True(ours.PeerHasRead);
            ours.TryWrite("third"u8);
            theirs.Dispose();
            Assert.True(ours.PeerHasRead);
        }
    }

    /// <summary>Abstract sockets are open to whoever shares the network namespace (CVE-2020-15257).</summary>
    [Fact]
    public void No_abstract_socket_is_made_or_reached()
    {
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => StreamSocket.ListenUnix("\0hafen", 1)).Number);
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => StreamSocket.ConnectUnix("\0hafen")).Number);
    }
}
