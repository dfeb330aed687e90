namespace Hafen.Client.Errors;

/// <summary>The peer does not speak HTTP/1.1 as expected, or ended the connection in the middle of a message.</summary>
public sealed class ProtocolException : IOException
{
    public ProtocolException(string message)
        : base(message)
    {
    }

    /// <summary>The connection ended before one byte of the answer came. The request may have been acted on all the same.</summary>
    public bool NothingReceived { get; init; }
}
