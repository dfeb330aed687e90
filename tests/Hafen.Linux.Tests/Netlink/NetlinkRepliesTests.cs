using System.Runtime.InteropServices;
using System.Text;
using Hafen.Linux.Netlink;

namespace Hafen.Linux.Tests.Netlink;

public sealed class NetlinkRepliesTests
{
    private const uint First = 100;

    [Fact]
    public void AnAcknowledgementCompletesItsRequest()
    {
        var replies = new NetlinkReplies(First, 2, null);
        replies.Feed(Error(First, 0));
        Assert.False(replies.Complete);
        replies.Feed(Error(First + 1, 0));
        Assert.True(replies.Complete);
        Assert.Equal(0, replies.Error);
    }

    [Fact]
    public void TheFirstRefusalIsKeptWithItsExplanation()
    {
        var replies = new NetlinkReplies(First, 3, null);
        replies.Feed([.. Error(First, 0), .. Error(First + 1, Errno.EEXIST, "no room"), .. Error(First + 2, Errno.EINVAL)]);
        Assert.True(replies.Complete);
        Assert.Equal((Errno.EEXIST, 1, "no room"), (replies.Error, replies.ErrorIndex, replies.Explanation));
    }

    [Fact]
    public void AnExplanationBehindTheWholeRefusedMessageIsFound()
    {
        // Without NETLINK_CAP_ACK the refused message is repeated in full: here a header and four bytes.
        byte[] message = Error(First, Errno.EPERM, "because", refused: 20);
        var replies = new NetlinkReplies(First, 1, null);
        replies.Feed(message);
        Assert.Equal("because", replies.Explanation);
    }

    [Fact]
    public void AListEndsWithDoneAndMayComeInPieces()
    {
        var seen = new List<int>();
        var replies = new NetlinkReplies(First, 1, (type, payload) => seen.Add(type + payload.Length));
        replies.Feed([.. Message(16, Nlm.NLM_F_MULTI, First, [1, 2, 3, 4]), .. Message(16, Nlm.NLM_F_MULTI, First, [])]);
        Assert.False(replies.Complete);
        replies.Feed([.. Message(16, Nlm.NLM_F_MULTI, First, new byte[8]), .. Message(Nlm.NLMSG_DONE, Nlm.NLM_F_MULTI, First, new byte[4])]);
        Assert.True(replies.Complete);
        Assert.Equal([20, 16, 24], seen);
        Assert.False(replies.Interrupted);
    }

    [Fact]
    public void AListThatChangedMeanwhileIsNoticed()
    {
        var replies = new NetlinkReplies(First, 1, (_, _) => { });
        replies.Feed(Message(Nlm.NLMSG_DONE, Nlm.NLM_F_MULTI | Nlm.NLM_F_DUMP_INTR, First, new byte[4]));
        Assert.True(replies.Interrupted);
    }

    [Fact]
    public void AnswersToSomethingElseArePassedOver()
    {
        var replies = new NetlinkReplies(First, 1, (_, _) => Assert.Fail("not ours"));
        replies.Feed([.. Error(First - 1, Errno.EPERM), .. Message(16, 0, First + 1, []), .. Message(16, 0, 0, [])]);
        Assert.False(replies.Complete);
        Assert.Equal(0, replies.Error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(19)]
    public void ATruncatedMessageEndsTheReading(int length)
    {
        var replies = new NetlinkReplies(First, 1, (_, _) => Assert.Fail("truncated"));
        replies.Feed(Error(First, Errno.EPERM).AsSpan(0, length));
        Assert.False(replies.Complete);
    }

    private static byte[] Error(uint sequence, int errno, string? text = null, int refused = 16)
    {
        List<byte> payload = [.. Bytes(-errno), .. Bytes(refused), .. new byte[refused - 4]];
        ushort flags = refused == 16 ? Nlm.NLM_F_CAPPED : (ushort)0;
        if (text is not null)
        {
            byte[] value = [.. Encoding.ASCII.GetBytes(text), 0];
            payload.AddRange([(byte)(4 + value.Length), 0, (byte)Nlm.NLMSGERR_ATTR_MSG, 0, .. value, .. new byte[(4 - value.Length % 4) % 4]]);
            flags |= Nlm.NLM_F_ACK_TLVS;
        }
        return Message(Nlm.NLMSG_ERROR, flags, sequence, [.. payload]);
    }

    private static byte[] Message(ushort type, int flags, uint sequence, byte[] payload)
    {
        var header = new nlmsghdr { nlmsg_len = (uint)(16 + payload.Length), nlmsg_type = type, nlmsg_flags = (ushort)flags, nlmsg_seq = sequence };
        return [.. MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref header, 1)), .. payload];
    }

    private static byte[] Bytes(int number) => BitConverter.GetBytes(number);
}
