using Hafen.Cli.Session;

namespace Hafen.Cli.Attach;

/// <summary>A container's output goes to ours, stdout to stdout and stderr to stderr.</summary>
internal sealed class StandardOutputs(CliStreams streams) : IFrameSink
{
    public void Write(int stream, ReadOnlySpan<byte> bytes) => CliStreams.WriteAll(stream == 2 ? streams.Error : streams.Output, bytes);
}
