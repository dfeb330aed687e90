using System.Text;
using Hafen.Api;
using Hafen.Client.Blocking;
using Hafen.Client.Errors;
using Hafen.Client.Http;
using Hafen.Client.Tests.Peers;

namespace Hafen.Client.Tests.Blocking;

/// <summary>What the CLI relies on beyond the contract of all transports.</summary>
public sealed class BlockingTransportTests
{
    [Fact]
    public void A_hijacked_connection_can_be_polled_and_read_by_its_descriptor()
    {
        string? sent = null;
        using var peer = new RawPeer(connection =>
        {
            connection.ReadRequest();
            connection.Write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nearly");
            sent = connection.ReadAll();
            connection.Write("late");
        });
        using var transport = new BlockingTransport(peer.Endpoint);
        using var hijacked = transport.Hijack(new ApiRequest("POST", "/attach"));
        var received = hijacked.Received.ToList();
        Assert.Equal(3, Linux.Descriptors.RawDescriptor.Write(hijacked.Descriptor, "abc"u8));
        hijacked.CloseWrite();
        byte[] buffer = new byte[64];
        int count;
        while ((count = Linux.Descriptors.RawDescriptor.Read(hijacked.Descriptor, buffer)) > 0)
            received.AddRange(buffer.AsSpan(0, count));
        Assert.Equal("abc", sent);
        Assert.Equal("earlylate", Encoding.ASCII.GetString([.. received]));
    }

    [Fact]
    public void A_file_is_sent_with_its_length()
    {
        byte[] content = new byte[700_000];
        Random.Shared.NextBytes(content);
        string? whole = null;
        using var peer = new RawPeer(connection =>
        {
            whole = connection.ReadRequest();
            connection.Json("{}");
        });
        using var transport = new BlockingTransport(peer.Endpoint, ApiVersion.Newest);
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, content);
            using var file = File.OpenRead(path);
            using (transport.Call(new ApiRequest("POST", "/load") { BodyStream = file }))
                Assert.Equal(content, Encoding.Latin1.GetBytes(whole![(whole!.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_request_that_arrived_and_was_not_answered_says_so()
    {
        using var peer = new RawPeer(connection => connection.ReadRequest());
        using var transport = new BlockingTransport(peer.Endpoint);
        var failure = Assert.Throws<ProtocolException>(() => transport.Call(new ApiRequest("POST", "/x")));
        Assert.Equal(("EOF", true), (failure.Message, failure.NothingReceived));
    }
}
