using System.Text.Json;
using Hafen.Linux;
using Hafen.Monitor.Protocol;
using Hafen.Runtime.Errors;

namespace Hafen.Monitor.Connections;

/// <summary>Exceptions as failures that travel.</summary>
internal static class Failures
{
    public static MonitorFailure From(RuntimeFailure failure) => new(
        failure.Kind switch
        {
            RuntimeFailureKind.InvalidArgument => MonitorFailureKind.InvalidArgument,
            RuntimeFailureKind.CommandNotFound => MonitorFailureKind.CommandNotFound,
            RuntimeFailureKind.CommandNotExecutable => MonitorFailureKind.CommandNotExecutable,
            RuntimeFailureKind.NotRunning => MonitorFailureKind.NotRunning,
            _ => MonitorFailureKind.System,
        },
        failure.Errno,
        failure.Stage,
        failure.Message);

    public static MonitorFailure From(Exception exception, string stage) => exception switch
    {
        RuntimeException runtime => From(runtime.Failure),
        LinuxException linux => new MonitorFailure(MonitorFailureKind.System, linux.Number, stage, linux.Message),
        JsonException or InvalidDataException => new MonitorFailure(MonitorFailureKind.InvalidArgument, 0, stage, exception.Message),
        _ => new MonitorFailure(MonitorFailureKind.System, 0, stage, exception.Message),
    };

    public static MonitorFailure NotRunning(string stage, string message) => new(MonitorFailureKind.NotRunning, 0, stage, message);
}
