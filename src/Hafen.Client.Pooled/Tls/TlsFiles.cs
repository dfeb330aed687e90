using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hafen.Client.Pooled.Tls;

/// <summary>The PEM files by which client and daemon know each other, as docker's contexts and <c>DOCKER_CERT_PATH</c> have them.</summary>
/// <param name="Authority">Whose signature the daemon's certificate must have, or null for the system's authorities.</param>
/// <param name="Certificate">Our certificate, with those between it and its authority behind it, or null for none.</param>
/// <param name="Key">The key of our certificate, or null.</param>
/// <param name="Verify">The daemon's certificate is checked. Without it, whoever answers is believed.</param>
public sealed record TlsFiles(string? Authority, string? Certificate, string? Key, bool Verify)
{
    /// <summary>The files <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c> of a folder, as far as they are there.</summary>
    /// <param name="folder">Of a docker context it is <c>contexts/tls/ID/docker</c>.</param>
    /// <param name="verify">False for a context with <c>SkipTLSVerify</c>.</param>
    public static TlsFiles FromFolder(string folder, bool verify)
    {
        return new TlsFiles(Existing("ca.pem"), Existing("cert.pem"), Existing("key.pem"), verify);

        string? Existing(string name) => Path.Combine(folder, name) is var path && File.Exists(path) ? path : null;
    }

    /// <summary>What <c>DOCKER_TLS_VERIFY</c> and <c>DOCKER_CERT_PATH</c> say; null when they ask for no TLS.</summary>
    /// <param name="environment">The value of a variable, or null.</param>
    /// <param name="settings">Docker's folder of settings, where the files are when only <c>DOCKER_TLS_VERIFY</c> is set.</param>
    public static TlsFiles? FromEnvironment(Func<string, string?> environment, string settings)
    {
        bool verify = !string.IsNullOrEmpty(environment("DOCKER_TLS_VERIFY"));
        string? folder = environment("DOCKER_CERT_PATH");
        if (string.IsNullOrEmpty(folder))
            return verify ? FromFolder(settings, verify) : null;
        return FromFolder(folder, verify);
    }

    /// <summary>Reads the files.</summary>
    /// <param name="endpoint">The daemon, for messages.</param>
    /// <exception cref="TlsException">One of them cannot be used.</exception>
    internal SslClientAuthenticationOptions Load(string endpoint)
    {
        var options = new SslClientAuthenticationOptions
        {
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, _, chain, errors) => Accept(endpoint, chain, errors),
        };
        if (Authority is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, TrustMode = X509ChainTrustMode.CustomRootTrust };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(Read(Authority, "CA certificate"));
        }

        if ((Certificate is null) != (Key is null))
            throw new TlsException(endpoint, $"could not load X509 key pair: {(Certificate is null ? "the certificate" : "the key")} is missing");
        if (Certificate is not null)
            options.ClientCertificateContext = Identity(Certificate, Key!);
        return options;

        X509Certificate2Collection Read(string path, string what)
        {
            var all = new X509Certificate2Collection();
            try
            {
                all.ImportFromPemFile(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
            {
                throw new TlsException(endpoint, $"could not read {what} \"{path}\"");
            }
            return all.Count > 0 ? all : throw new TlsException(endpoint, $"could not read {what} \"{path}\": there is none in it");
        }

        SslStreamCertificateContext Identity(string certificate, string key)
        {
            var chain = Read(certificate, "certificate");
            try
            {
                return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificate, key), [.. chain.Skip(1)], offline: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
            {
                throw new TlsException(endpoint, $"could not load X509 key pair \"{certificate}\", \"{key}\"");
            }
        }
    }

    private bool Accept(string endpoint, X509Chain? chain, SslPolicyErrors errors)
    {
        if (!Verify || errors == SslPolicyErrors.None)
            return true;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            throw new TlsException(endpoint, "the daemon has no certificate");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            throw new TlsException(endpoint, "the daemon's certificate is for another host");
        bool old = chain?.ChainStatus.Any(status => status.Status == X509ChainStatusFlags.NotTimeValid) == true;
        throw new TlsException(endpoint, old ? "the daemon's certificate has expired or is not yet valid" : "the daemon's certificate is signed by an unknown authority");
    }
}
