namespace Hafen.Daemon.Http.Hijack;

/// <summary>Tells when the client of a long request has left.</summary>
internal interface IClientGoneFeature
{
    /// <summary>
    /// Cancelled when the connection is broken or closed. A unix client that only ended its output still waits for the answer and is not gone;
    /// on TCP the two look the same, and the end of its output counts.
    /// </summary>
    CancellationToken ClientGone { get; }

    /// <summary>True from the moment on that this is known; the token follows on another thread.</summary>
    bool IsClientGone { get; }
}
