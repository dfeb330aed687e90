namespace Hafen.Client.Pooled.Tls;

/// <summary>Client and daemon do not believe each other, or the files by which they would cannot be used.</summary>
public sealed class TlsException : Exception
{
    public TlsException(string endpoint, string reason)
        : base($"Cannot connect to the Hafen daemon at {endpoint}: {reason}")
    {
    }
}
