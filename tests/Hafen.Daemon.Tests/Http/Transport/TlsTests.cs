using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Hafen.Daemon.Configuration;
using Hafen.Daemon.Http;
using Hafen.Daemon.Http.Authorization;
using Hafen.Daemon.Http.Routing;
using Hafen.Daemon.Http.Transport;
using Hafen.Linux.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hafen.Daemon.Tests.Http.Transport;

/// <summary>TCP with TLS: requests, certificates of clients, and streams that are bridged to a socket which can be given away.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hafen-tls-").FullName;
    private readonly ApiServer _server;
    private readonly IPEndPoint _address;
    private readonly X509Certificate2 _trusted;
    private readonly X509Certificate2 _stranger;

    public TlsTests()
    {
        using var authority = Authority("authority");
        using var other = Authority("other");
        using var own = Issue(authority, "localhost", "1.3.6.1.5.5.7.3.1");
        _trusted = Issue(authority, "client", "1.3.6.1.5.5.7.3.2");
        _stranger = Issue(other, "client", "1.3.6.1.5.5.7.3.2");
        File.WriteAllText(Path.Combine(_folder, "ca.pem"), authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "cert.pem"), own.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "key.pem"), own.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var tls = TlsSettings.Create(new DaemonSettings
        {
            TlsVerify = true,
            TlsCaCertificate = Path.Combine(_folder, "ca.pem"),
            TlsCertificate = Path.Combine(_folder, "cert.pem"),
            TlsKey = Path.Combine(_folder, "key.pem"),
        });
        var listening = StreamSocket.ListenTcp(new IPEndPoint(IPAddress.Loopback, 0), 64);
        _address = listening.LocalEndPoint!;
        _server = new ApiServer([new ApiEndPoint("tcp://test", listening, tls)], NullLoggerFactory.Instance);
    }

    public async ValueTask InitializeAsync() => await _server.StartAsync(
        new RouteTable()
            .Get("/hello", request => request.WriteTextAsync("hello"))
            .Post("/raw", async request =>
            {
                var taken = await request.HijackAsync(multiplexed: false);
                _ = Task.Run(() => EchoThenTail(taken.Socket, taken.Prefix));
            }),
        new WhoeverConnects(),
        CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _server.StopAsync(limit.Token);
        _server.Dispose();
        _trusted.Dispose();
        _stranger.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_client_with_a_certificate_is_answered()
    {
        await using var stream = await ConnectAsync(_trusted);
        await stream.WriteAsync("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        Assert.EndsWith("\r\n\r\nhello", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_trusted_certificate_there_is_no_answer(bool stranger)
    {
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var stream = await ConnectAsync(stranger ? _stranger : null);
            await stream.WriteAsync("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
            using var reader = new StreamReader(stream);
            if ((await reader.ReadToEndAsync()).Length == 0)
                throw new IOException("closed");
        });
    }

    [Fact]
    public async Task A_taken_stream_is_bridged_and_loses_nothing_at_its_end()
    {
        await using var stream = await ConnectAsync(_trusted);
        await stream.WriteAsync("POST /raw HTTP/1.1\r\nHost: x\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\nearly "u8.ToArray());
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            Assert.Equal(1, await stream.ReadAsync(one));
            head.Append((char)one[0]);
        }
        Assert.StartsWith("HTTP/1.1 101 UPGRADED\r\n", head.ToString(), StringComparison.Ordinal);
        byte[] sent = RandomNumberGenerator.GetBytes(3_000_000);
        var writing = Task.Run(async () =>
        {
            await stream.WriteAsync(sent);
            await stream.ShutdownAsync();
        });
        using var received = new MemoryStream();
        await stream.CopyToAsync(received).WaitAsync(TimeSpan.FromSeconds(20));
        await writing;
        byte[] expected = [.. "early "u8, .. sent, .. Tail];
        Assert.Equal(expected.Length, received.Length);
        Assert.Equal(SHA256.HashData(expected), SHA256.HashData(received.ToArray()));
    }

    private static byte[] Tail { get; } = [.. Enumerable.Repeat((byte)'t', 500_000)];

    private static void EchoThenTail(StreamSocket socket, byte[] prefix)
    {
        Send(socket, prefix);
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = socket.TryRead(buffer)) != 0)
        {
            if (read == StreamSocket.WouldBlock)
                Thread.Sleep(1);
            else
                Send(socket, buffer.AsSpan(0, read));
        }
        Send(socket, Tail);
        socket.EndOutput();
        socket.Dispose();
    }

    private static void Send(StreamSocket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int written = socket.TryWrite(bytes);
            if (written == StreamSocket.WouldBlock)
                Thread.Sleep(1);
            else
                bytes = bytes[written..];
        }
    }

    private async Task<SslStream> ConnectAsync(X509Certificate2? certificate)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(_address);
        var stream = new SslStream(tcp.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ClientCertificates = certificate is null ? null : [certificate],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost",
        });
        return stream;
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name, string usage)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        using var issued = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        using var ephemeral = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
