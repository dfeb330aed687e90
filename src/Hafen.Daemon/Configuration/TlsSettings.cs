using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hafen.Daemon.Configuration;

/// <summary>TLS of TCP sockets: <c>--tls</c> proves the daemon to clients, <c>--tlsverify</c> also clients to the daemon.</summary>
internal static class TlsSettings
{
    private const string DefaultFolder = "/etc/hafen";

    /// <summary>Null when TLS is not asked for.</summary>
    /// <exception cref="SettingException">A certificate or key cannot be read.</exception>
    public static SslServerAuthenticationOptions? Create(DaemonSettings settings)
    {
        if (!settings.Tls && !settings.TlsVerify)
            return null;
        var own = Load(
            "TLS certificate and key",
            () => X509Certificate2.CreateFromPemFile(settings.TlsCertificate ?? $"{DefaultFolder}/cert.pem", settings.TlsKey ?? $"{DefaultFolder}/key.pem"));
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificate = own,
            EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13,
        };
        if (!settings.TlsVerify)
            return options;
        var authorities = new X509Certificate2Collection();
        Load("CA certificate", () =>
        {
            authorities.ImportFromPemFile(settings.TlsCaCertificate ?? $"{DefaultFolder}/ca.pem");
            return authorities;
        });
        options.ClientCertificateRequired = true;
        options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null && IsTrusted(certificate, authorities);
        return options;
    }

    private static bool IsTrusted(X509Certificate certificate, X509Certificate2Collection authorities)
    {
        const string clientAuthentication = "1.3.6.1.5.5.7.3.2";
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(clientAuthentication));
        using var client = new X509Certificate2(certificate);
        return chain.Build(client);
    }

    private static T Load<T>(string what, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"invalid TLS configuration: cannot read the {what}: {exception.Message}", exception);
        }
    }
}
