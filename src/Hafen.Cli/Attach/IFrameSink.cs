namespace Hafen.Cli.Attach;

/// <summary>Receives a container's output.</summary>
internal interface IFrameSink
{
    /// <summary>Bytes of one stream.</summary>
    /// <param name="stream">2 for stderr, else stdout.</param>
    /// <param name="bytes">Valid during the call only.</param>
    void Write(int stream, ReadOnlySpan<byte> bytes);
}
