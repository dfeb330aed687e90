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

/// <summary>An exec that may be started; its client's socket is taken over next.</summary>
public sealed class ExecStart
{
    internal ExecStart(ExecSession session, ExecStartRequest request)
    {
        Session = session;
        Request = request;
        Multiplexed = !request.Tty;
    }

    internal ExecSession Session { get; }
    internal ExecStartRequest Request { get; }

    public bool Detach => Request.Detach;

    /// <summary>Output comes in frames unless the start speaks of a terminal; whether there is one was decided when the exec was made.</summary>
    public bool Multiplexed { get; internal init; }
}

/// <summary>Starts a noted process in its container.</summary>
public static class StartExec
{
    /// <exception cref="EngineException">No such exec, or its container does not run.</exception>
    public static ExecStart PrepareExecStart(this ContainerEngine engine, string id, ExecStartRequest request)
    {
        var session = engine.FindExec(id);
        if (session.Container.IsRemoved) throw NotFound(id);
        ContainerChecks.RequireExecutable(session.Container, session.Container.Id);
        return new ExecStart(session, request);
    }

    /// <summary>Starts it; returns when it runs. The client's descriptor stays the caller's to dispose.</summary>
    /// <param name="client">The client's socket; null for a detached exec.</param>
    /// <param name="prefix">Bytes the client had already sent.</param>
    /// <exception cref="EngineException">It could not be started; its exit code says why.</exception>
    public static async Task StartExecAsync(
        this ContainerEngine engine, ExecStart start, SafeHandle? client, byte[] prefix, CancellationToken cancellationToken)
    {
        var session = start.Session;
        var container = session.Container;
        ContainerChecks.RequireProcess(container);
        var monitor = container.Monitor ?? throw ContainerChecks.Unreachable(container, null);
        session.Begin();
        engine.Publish(container, $"exec_start: {session.CommandLine}", ("execID", session.Id));
        try
        {
            var process = BuildProcess(engine, session, start.Request);
            int pid = await monitor.ExecAsync(Request(start, client is not null, prefix), process, client, cancellationToken).ConfigureAwait(false);
            session.Started(pid);
        }
        catch (MonitorException e)
        {
            var (exitCode, error) = StartFailure.OfExec(e.Failure, e);
            Fail(session, exitCode);
            throw error;
        }
        catch (UserLookupException e)
        {
            Fail(session, StartFailure.CommandNotExecutable);
            throw new EngineException(ErrorKind.InvalidParameter, e.Message, e);
        }
        catch (MonitorUnreachableException e)
        {
            Fail(session, StartFailure.CommandNotExecutable);
            throw ContainerChecks.Unreachable(container, e);
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
        session.Container.Execs.TryRemove(session.Id, out _);
    }

    /// <summary>Execs go with their container; only one that its end cut off can still be asked about, because its client is just reading the end of its stream.</summary>
    internal static ExecSession FindExec(this ContainerEngine engine, string id)
        => engine.Execs.TryGet(id, out var session) && (!session.Container.IsRemoved || session.CutOff) ? session : throw NotFound(id);

    private static EngineException NotFound(string id) => EngineException.NotFound($"No such exec instance: {id}");

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

    private static SpecProcess BuildProcess(ContainerEngine engine, ExecSession session, ExecStartRequest start)
    {
        var request = session.Request;
        var record = session.Container.Record;
        var host = record.HostConfig;
        var config = record.Config;
        var user = RunningUser.Find(session.Container, string.IsNullOrEmpty(request.User) ? config.User : request.User);
        var capabilities = ContainerCapabilities.Tweak(
            host.CapAdd, host.CapDrop, host.Privileged || request.Privileged, engine.Rooms.Host.Capabilities);
        uint[]? size = start is { Tty: true, ConsoleSize: [> 0, > 0] } ? start.ConsoleSize : request.ConsoleSize;
        var security = SecurityOptions.Parse(host.SecurityOpt, engine.Options.NoNewPrivileges);
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
            Rlimits = BuildRuntimeSpec.Rlimits(host, engine.Options),
            NoNewPrivileges = security.NoNewPrivileges,
            OomScoreAdj = host.OomScoreAdj,
        };
    }
}
