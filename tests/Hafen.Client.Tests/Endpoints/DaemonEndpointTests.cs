using Hafen.Client.Endpoints;
using Hafen.Client.Http;

namespace Hafen.Client.Tests.Endpoints;

public sealed class DaemonEndpointTests
{
    [Theory]
    [InlineData("unix:///run/hafen/hafen.sock", "/run/hafen/hafen.sock", "", 0)]
    [InlineData("tcp://127.0.0.1:2376", null, "127.0.0.1", 2376)]
    [InlineData("tcp://example.org", null, "example.org", 2375)]
    [InlineData("tcp://[::1]:99", null, "[::1]", 99)]
    [InlineData("tcp://[::1]", null, "[::1]", 2375)]
    [InlineData("tcp://:2375", null, "127.0.0.1", 2375)]
    [InlineData("localhost:1234/", null, "localhost", 1234)]
    public void An_address_is_understood(string text, string? path, string host, int port)
    {
        var endpoint = DaemonEndpoint.Parse(text);
        Assert.Equal((path, host, port), (endpoint.SocketPath, endpoint.Host, endpoint.Port));
    }

    [Theory]
    [InlineData("foo://x")]
    [InlineData("unix://")]
    [InlineData("tcp://host:0")]
    [InlineData("tcp://host:port")]
    [InlineData("tcp://host:1/path")]
    public void What_is_no_address_is_refused(string text)
        => Assert.StartsWith($"invalid bind address format: {text}", Assert.Throws<FormatException>(() => DaemonEndpoint.Parse(text)).Message, StringComparison.Ordinal);
}
