using System.Runtime.ExceptionServices;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.Containers.Start;
using Hafen.Engine.Health;
using Hafen.Engine.Monitors;
using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Monitor.Protocol;
using Hafen.Networking;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>Starts a container: network, files, <c>config.json</c>, monitor, process.</summary>
public static class StartContainer
{
    /// <param name="reference">ID, name or prefix.</param>
    /// <param name="cancellationToken">Gives up waiting for the container's turn; a start that has begun is finished.</param>
    /// <exception cref="EngineException">Not startable, or the start failed; the container remembers why.</exception>
    public static async Task StartContainerAsync(this ContainerEngine engine, string reference, CancellationToken cancellationToken)
    {
        var container = engine.Store.Get(reference);
        using var _ = await container.EnterAsync(cancellationToken).ConfigureAwait(false);
        CheckStartable(container, reference);
        container.CallOffRestart();
        container.RestartDelay = TimeSpan.Zero;
        container.Amend(s => s with { RestartCount = 0, StoppedByHand = false });
        await engine.StartOwnedAsync(container).ConfigureAwait(false);
    }

    /// <summary>Starts a container whose gate the caller holds.</summary>
    internal static async Task StartOwnedAsync(this ContainerEngine engine, Container container)
    {
        var timing = new StartTiming();
        var record = container.Record;
        var undo = new UndoStack((step, e) => EngineLog.StepFailed(engine.Log, container.Id, step, e.Message));
        int exitCode = StartFailure.Unknown;
        try
        {
            // 1. A monitor process, while everything else is prepared.
            var early = container.Early;
            container.Early = null;
            var launch = Task.Run(() => LaunchAsync(engine, container.Id, early));
            undo.Push("end the monitor", _ => EndMonitorAsync(engine, container, launch));
            var shared = SharedNamespaces.Pids(engine, container);

            // 2. Addresses: the hosts file needs them.
            undo.Push("release the network", token => engine.Rooms.Networks.ReleaseAsync(container.Id, token));
            var endpoints = NetworkSetup.Reserve(engine, record);
            timing.Mark("reserve");

            // 3. Volumes, bind sources, shared memory.
            PrepareBundle.CheckBindSources(record.Mounts);
            PrepareBundle.CheckPropagation(record.Mounts);
            undo.Push("unmount volumes", () => VolumeUse.End(engine, container));
            var volumes = VolumeUse.Begin(engine, container);
            undo.Push("unmount shared memory", () => SharedMemory.End(engine, container));
            SharedMemory.Begin(container);

            // 4. The files below /etc, then config.json.
            if (SharedNamespaces.NetworkOwner(engine, record.HostConfig) is null)
                NetworkSetup.WriteFiles(engine, container, record.Config.Hostname ?? "", endpoints);
            timing.Mark("files");
            string? seccomp = PrepareBundle.Write(engine, container, shared, volumes);
            timing.Mark("spec");

            // 5. The container up to its execve.
            var monitor = await launch.ConfigureAwait(false);
            container.Starting = monitor;
            timing.Mark("launch");
            var started = DateTimeOffset.UtcNow;
            int pid = await monitor.CreateAsync(
                new MonitorCreate
                {
                    Id = container.Id,
                    Bundle = container.Folder,
                    Rootfs = engine.Rooms.Snapshots.Mounts(container.Id),
                    Log = LogSettings.Target(container),
                    OpenStdin = record.Config.OpenStdin,
                    StdinOnce = record.Config.StdinOnce,
                    SeccompProgram = seccomp,
                },
                CancellationToken.None).ConfigureAwait(false);
            timing.Mark("create");

            // 6. Its interfaces, while init prepares the root; and those who attached before the start. Both are over before a failure is dealt with:
            // an interface must not be made after it was given back.
            var attach = AttachNetworksAsync(engine, endpoints, pid);
            try
            {
                await container.Attachments.GoLiveAsync(monitor, CancellationToken.None).ConfigureAwait(false);
            }
            finally
            {
                await attach.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            try
            {
                await attach.ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // An init that fails takes its namespace with it; then its own reason counts.
                if (await InitFailure.LearnAsync(monitor).ConfigureAwait(false) is { } reason) throw reason;
                ExceptionDispatchInfo.Throw(e);
            }
            timing.Mark("network");

            // 7. Written before it is true: where it cannot be written nothing is started, and a daemon that dies right after the start leaves one that is known.
            ContainerState Running(ContainerState s) => s with
            {
                Pid = pid,
                ExitCode = 0,
                Error = null,
                OomKilled = false,
                StartedAt = started,
                HasRun = true,
                Endpoints = endpoints,
                BootId = engine.Rooms.Host.BootId,
            };
            engine.Store.SaveState(container, container.After(ContainerChange.Started, Running));
            timing.Mark("state");

            // 8. Go. Nothing that follows can fail.
            await monitor.StartAsync(CancellationToken.None).ConfigureAwait(false);
            timing.Mark("exec");
            container.Monitor = monitor;
            container.Transit(ContainerChange.Started, Running);
            engine.PublishNetworks(container, "connect", endpoints);
            engine.PublishVolumesMounted(container);
            engine.Publish(container, "start");
            engine.BeginHealthChecks(container);
            container.Watch = engine.WatchAsync(container, monitor);
            if (engine.Log.IsEnabled(LogLevel.Debug))
            {
                string steps = timing.ToString();
                EngineLog.Started(engine.Log, container.Id, steps);
            }
        }
        catch (Exception e)
        {
            var failure = Translate(e, ref exitCode);
            // Whoever listens to it has nothing to deal with any more.
            container.Monitor = container.Starting = null;
            container.EndHealthChecks();
            await undo.UndoAsync().ConfigureAwait(false);
            await engine.FailStartAsync(container, failure, exitCode).ConfigureAwait(false);
            throw failure;
        }
        finally
        {
            container.Starting = null;
        }
    }

    private static void CheckStartable(Container container, string reference)
    {
        if (container.IsRemoved) throw EngineException.NotFound($"No such container: {reference}");
        switch (container.Status)
        {
            case ContainerStatus.Paused:
                throw EngineException.Conflict("cannot start a paused container, try unpause instead");
            case ContainerStatus.Running:
                throw new EngineException(ErrorKind.NotModified, "container is already running");
            case ContainerStatus.Removing or ContainerStatus.Dead:
                throw EngineException.Conflict("container is marked for removal and cannot be started");
        }
    }

    private static async Task AttachNetworksAsync(ContainerEngine engine, Endpoint[] endpoints, int pid)
    {
        if (endpoints.Length == 0 || engine.Rooms.Networks.Find(endpoints[0].NetworkId) is { Reach: NetworkReach.Host }) return;
        using var networkNamespace = Files.Open($"/proc/{pid}/ns/net", OpenFlags.O_RDONLY);
        foreach (var endpoint in endpoints)
            await engine.Rooms.Networks.AttachAsync(endpoint, networkNamespace, CancellationToken.None).ConfigureAwait(false);
    }

    private static EngineException Translate(Exception failure, ref int exitCode)
    {
        switch (failure)
        {
            case MonitorException e:
                (exitCode, var error) = StartFailure.OfContainer(e.Failure, e);
                return error;
            case EngineException e:
                return e;
            case NetworkException e:
                return NetworkSetup.Translate(e);
            default:
                return new EngineException(ErrorKind.System, failure.Message, failure);
        }
    }

    private static async Task FailStartAsync(this ContainerEngine engine, Container container, EngineException failure, int exitCode)
    {
        container.Attachments.Drop();
        ContainerState Failed(ContainerState s) => s with { Pid = 0, ExitCode = exitCode, Error = failure.Message, Endpoints = null };
        if (container.IsRunning)
        {
            // A container whose restart fails has counted as running until now, and nothing will start it any more.
            var (_, waiting) = container.EndRun(ContainerChange.StartFailed, Failed);
            engine.Store.SaveState(container);
            waiting.Tell(new WaitResult(exitCode, failure.Message));
        }
        else
        {
            container.Transit(ContainerChange.StartFailed, Failed);
            engine.Store.SaveState(container);
        }
        if (!container.Record.HostConfig.AutoRemove) return;
        try
        {
            await engine.RemoveOwnedAsync(container, removeVolumes: true).ConfigureAwait(false);
        }
        catch (HafenException)
        {
            // It is logged, and dead: the client is told why the start failed.
        }
    }

    private static async Task<IMonitor> LaunchAsync(ContainerEngine engine, string id, EarlyMonitor? early)
    {
        if (early is not null && await early.TakeAsync().ConfigureAwait(false) is { } monitor) return monitor;
        return await engine.Rooms.Monitors.LaunchAsync(id, CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task EndMonitorAsync(ContainerEngine engine, Container container, Task<IMonitor> launch)
    {
        await ((Task)launch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (launch.IsCompletedSuccessfully && !await AbandonedMonitor.EndAsync(launch.Result).ConfigureAwait(false)) ContainerEnd.DestroyCgroup(engine, container);
        engine.Rooms.Monitors.RemoveState(container.Id);
    }
}
