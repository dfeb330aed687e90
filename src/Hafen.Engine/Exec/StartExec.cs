using System.Runtime.InteropServices;
using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.Containers.Spec;
using Hafen.Engine.Containers.Start;
using Hafen.Engine.Monitors;
using Hafen.Errors;
using Hafen.Linux.Capabilities;
using Hafen.Monitor.Protocol;
using Hafen.Oci.Runtime;

namespace Hafen.Engine.Exec;

/// <summary>Starts a noted process in its container.</summary>
public sealed class StartExec
{
    private readonly ContainerEvents _events;
    private readonly HostFacts _host;
    private readonly CurrentOptions _options;

    internal StartExec(ContainerEvents events, HostFacts host, CurrentOptions options)
    {
        _events = events;
        _host = host;
        _options = options;
    }

    /// <summary>Starts it; returns when it runs. The client's descriptor stays the caller's to dispose.</summary>
    /// <param name="start">The exec.</param>
    /// <param name="client">The client's socket; null for a detached exec.</param>
    /// <param name="prefix">Bytes the client had already sent.</param>
    /// <param name="cancellationToken">Gives up waiting for the monitor.</param>
    /// <exception cref="EngineException">It could not be started; its exit code says why.</exception>
    public async Task RunAsync(ExecStart start, SafeHandle? client, byte[] prefix, CancellationToken cancellationToken)
    {
        var session = start.Session;
        var container = session.Container;
        ContainerChecks.RequireProcess(container);
        // One that was noted in a run that is over went with it.
        if (!ReferenceEquals(container.Run, session.Run))
            throw ExecTable.NotFound(session.Id);
        session.Begin();
        _events.Publish(container, $"exec_start: {session.CommandLine}", ("execID", session.Id));
        try
        {
            var process = BuildProcess(session, start.Request);
            int pid = await session.Run.Monitor.ExecAsync(Request(start, client is not null, prefix), process, client, cancellationToken);
            session.Started(pid);
        }
        catch (MonitorException exception)
        {
            var (exitCode, error) = StartFailure.OfExec(exception.Failure, exception);
            Fail(session, exitCode);
            throw error;
        }
        catch (UserLookupException exception)
        {
            Fail(session, StartFailure.CommandNotExecutable);
            throw new EngineException(ErrorKind.InvalidParameter, exception.Message, exception);
        }
        catch (MonitorUnreachableException exception)
        {
            Fail(session, StartFailure.CommandNotExecutable);
            throw ContainerChecks.Unreachable(container, exception);
        }
        catch
        {
            Fail(session, StartFailure.CommandNotExecutable);
            throw;
        }
    }

    private static void Fail(ExecSession session, int exitCode)
    {
        session.End(exitCode);
        session.Run.Execs.TryRemove(session.Id, out _);
    }

    private static MonitorExec Request(ExecStart start, bool attached, byte[] prefix)
    {
        var session = start.Session;
        var request = session.Request;
        return new MonitorExec
        {
            ExecId = session.Id,
            OpenStdin = request.AttachStdin,
            Attach = !attached ? null : new MonitorAttach
            {
                Stdin = request.AttachStdin,
                Stdout = request.AttachStdout,
                Stderr = request.AttachStderr,
                Multiplexed = start.Multiplexed,
                DetachKeys = request.Tty ? session.DetachKeys : [],
                Prefix = prefix,
            },
        };
    }

    private SpecProcess BuildProcess(ExecSession session, ExecStartRequest start)
    {
        var options = _options.Value;
        var request = session.Request;
        var record = session.Container.Record;
        var host = record.HostConfig;
        var config = record.Config;
        var user = RunningUser.Find(session.Container, string.IsNullOrEmpty(request.User) ? config.User : request.User);
        string[] capabilities = ContainerCapabilities.Tweak(
            host.CapAdd, host.CapDrop, host.Privileged || request.Privileged, _host.Capabilities);
        uint[]? size = start is { Tty: true, ConsoleSize: [> 0, > 0] } ? start.ConsoleSize : request.ConsoleSize;
        var security = SecurityOptions.Parse(host.SecurityOpt, options.NoNewPrivileges);
        string workingDirectory = string.IsNullOrEmpty(request.WorkingDir) ? config.WorkingDir ?? "" : request.WorkingDir;
        return new SpecProcess
        {
            Terminal = request.Tty,
            ConsoleSize = request.Tty && size is [> 0, > 0] ? new SpecConsoleSize { Height = size[0], Width = size[1] } : null,
            User = new SpecUser { Uid = user.Uid, Gid = user.Gid, AdditionalGids = user.AdditionalGids },
            Args = request.Cmd,
            Env = ContainerEnvironment.Build(config, request.Tty, user.Home, request.Env),
            Cwd = workingDirectory.Length == 0 ? "/" : workingDirectory,
            Capabilities = new SpecCapabilities { Bounding = capabilities, Effective = capabilities, Permitted = capabilities },
            Rlimits = BuildRuntimeSpec.Rlimits(host, options),
            NoNewPrivileges = security.NoNewPrivileges,
            OomScoreAdj = host.OomScoreAdj,
        };
    }
}
