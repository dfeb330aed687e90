using Hafen.Api;
using Hafen.Cli.Session;
using Hafen.Client.Containers;
using Hafen.Client.Errors;
using Hafen.Client.Http;

namespace Hafen.Cli.Commands.Containers;

/// <summary>The exit code that a wait for a container ends with.</summary>
internal static class ExitStatus
{
    public static int Read(ApiResponse exit, CliStreams streams)
    {
        WaitResponse result;
        try
        {
            result = ContainerCalls.ReadWait(exit);
        }
        catch (Exception exception) when (exception is ProtocolException or Linux.LinuxException)
        {
            streams.WriteErrorLine($"error waiting for container: {exception.Message}");
            return 125;
        }

        if (result.Error is { } error)
        {
            streams.WriteErrorLine($"Error waiting for container: {error.Message}");
            return 125;
        }

        return (int)result.StatusCode;
    }
}
