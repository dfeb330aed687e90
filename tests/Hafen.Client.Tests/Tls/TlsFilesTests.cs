using Hafen.Client.Endpoints;
using Hafen.Client.Pooled;
using Hafen.Client.Pooled.Tls;
using Hafen.Client.Tests.Peers;

namespace Hafen.Client.Tests.Tls;

public sealed class TlsFilesTests(TestAuthority authority) : IClassFixture<TestAuthority>
{
    [Theory]
    [InlineData(null, null, false, false)]
    [InlineData("", "", false, false)]
    [InlineData("1", "FOLDER", true, true)]
    [InlineData(null, "FOLDER", true, false)]
    public void The_environment_is_read_as_docker_reads_it(string? verify, string? folder, bool tls, bool verified)
    {
        string? path = folder == "FOLDER" ? authority.Folder : folder;
        var files = TlsFiles.FromEnvironment(name => name == "DOCKER_TLS_VERIFY" ? verify : name == "DOCKER_CERT_PATH" ? path : null, "/nonexistent");
        Assert.Equal(tls, files is not null);
        if (files is null)
            return;
        Assert.Equal(verified, files.Verify);
        Assert.Equal(
            (Path.Combine(authority.Folder, "ca.pem"), Path.Combine(authority.Folder, "cert.pem"), Path.Combine(authority.Folder, "key.pem")),
            (files.Authority, files.Certificate, files.Key));
    }

    [Fact]
    public void Without_a_folder_of_their_own_the_files_are_among_dockers_settings()
    {
        var files = TlsFiles.FromEnvironment(name => name == "DOCKER_TLS_VERIFY" ? "1" : null, authority.Folder);
        Assert.Equal(Path.Combine(authority.Folder, "ca.pem"), files?.Authority);
    }

    [Fact]
    public void Files_that_cannot_be_used_are_named()
    {
        var endpoint = DaemonEndpoint.Parse("tcp://127.0.0.1:2376");
        string key = Path.Combine(authority.Folder, "key.pem");
        Assert.Contains("could not read CA certificate \"/nonexistent/ca.pem\"", Refused(authority.Files with { Authority = "/nonexistent/ca.pem" }), StringComparison.Ordinal);
        Assert.Contains($"could not read CA certificate \"{key}\"", Refused(authority.Files with { Authority = key }), StringComparison.Ordinal);
        Assert.Contains("the key is missing", Refused(authority.Files with { Key = null }), StringComparison.Ordinal);
        Assert.Contains("could not load X509 key pair", Refused(authority.Files with { Key = authority.Files.Authority }), StringComparison.Ordinal);

        string Refused(TlsFiles files) => Assert.Throws<TlsException>(() => new PooledTransport(endpoint, new PooledTransportOptions { Tls = files })).Message;
    }
}
