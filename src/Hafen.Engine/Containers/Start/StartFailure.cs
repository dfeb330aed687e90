using Hafen.Errors;
using Hafen.Linux;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Containers.Start;

/// <summary>What a failed start looks like to clients: the exit code of the container and Docker's wording, from which the docker CLI derives its own exit code.</summary>
internal static class StartFailure
{
    public const int CommandNotExecutable = 126, CommandNotFound = 127, Unknown = 128;

    /// <summary>Of a container's own process.</summary>
    public static (int ExitCode, EngineException Error) OfContainer(Failure failure, Exception inner)
        => Of(failure, "failed to create task for container: failed to create shim task: OCI runtime create failed: ", inner);

    /// <summary>Of a further process.</summary>
    public static (int ExitCode, EngineException Error) OfExec(Failure failure, Exception inner)
    {
        var (exitCode, error) = Of(failure, "OCI runtime exec failed: exec failed: ", inner);
        // Whatever keeps an exec from starting, but for a missing command, is 126.
        return (exitCode == CommandNotFound && failure.Kind != ErrorKind.CommandNotFound ? CommandNotExecutable : exitCode, error);
    }

    private static (int ExitCode, EngineException Error) Of(Failure failure, string prefix, Exception inner)
    {
        string message = $"{prefix}unable to start container process: {failure.Message}: unknown";
        return failure.Kind switch
        {
            ErrorKind.CommandNotFound => (CommandNotFound, Invalid(message)),
            ErrorKind.CommandNotExecutable => (CommandNotExecutable, Invalid(message)),
            ErrorKind.NotRunning => (Unknown, new EngineException(ErrorKind.Conflict, failure.Message, inner)),
            _ => failure.Errno switch
            {
                Errno.EACCES => (CommandNotExecutable, Invalid(message)),
                Errno.EISDIR => (CommandNotExecutable, Invalid($"{message}: {Errno.Text(Errno.EACCES)}")),
                Errno.ENOENT => (CommandNotFound, Invalid(message)),
                Errno.ENOTDIR => (CommandNotFound, Invalid(
                    message + ": Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type")),
                _ => (Unknown, new EngineException(
                    failure.Kind == ErrorKind.InvalidParameter ? ErrorKind.InvalidParameter : ErrorKind.System, message, inner)),
            },
        };

        EngineException Invalid(string text) => new(ErrorKind.InvalidParameter, text, inner);
    }
}
