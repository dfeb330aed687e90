namespace Hafen.Runtime.Exec;

/// <summary>Executes a further process in a running container.</summary>
public static class ExecProcess
{
    /// <summary>Returns as soon as the child exists. Call it only in a process with a single managed thread.</summary>
    /// <exception cref="Errors.RuntimeException">The process is specified wrongly, the container does not run, or the kernel refused.</exception>
    public static ExecutedProcess Run(ExecProcessRequest request) => throw new NotSupportedException(request.Process.Cwd);
}
