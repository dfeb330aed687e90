using System.Text.Json;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Monitor.Protocol;
using Hafen.Runtime.Errors;

namespace Hafen.Monitor.Connections;

/// <summary>Exceptions as failures that travel.</summary>
internal static class Failures
{
    public static Failure From(Exception exception, string stage) => exception switch
    {
        RuntimeException runtime => runtime.Failure,
        LinuxException linux => new Failure(ErrorKind.System, linux.Number, stage, linux.Message),
        JsonException or InvalidDataException => new Failure(ErrorKind.InvalidParameter, 0, stage, exception.Message),
        _ => new Failure(ErrorKind.System, 0, stage, exception.Message),
    };

    public static Failure NotRunning(string stage, string message) => new(ErrorKind.NotRunning, 0, stage, message);
}
