using Hafen.Engine.Containers.Create;
using Hafen.Engine.Monitors;
using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Monitor.Protocol;
using Hafen.Networking;
using Hafen.Snapshots;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers.Start;

/// <summary>Starts a container, whoever wants it: network, files, <c>config.json</c>, monitor, process.</summary>
internal sealed class StartRun(
    LaunchMonitor launch,
    SharedNamespaces namespaces,
    NetworkSetup network,
    VolumeUse volumes,
    PrepareBundle bundle,
    ISnapshotter snapshots,
    ContainerStore containers,
    ContainerEvents events,
    WatchRun watch,
    FailStart fail,
    HostFacts host,
    ILogger log)
{
    /// <param name="container">The caller holds its gate.</param>
    /// <exception cref="EngineException">The start failed; the container remembers why.</exception>
    public async Task RunAsync(Container container)
    {
        var timing = new StartTiming();
        var record = container.Record;
        var undo = new UndoStack((step, e) => EngineLog.StepFailed(log, container.Id, step, e.Message));
        int exitCode = StartFailure.Unknown;
        try
        {
            // 1. A monitor process, while everything else is prepared. It has ended before the network is given back: it may be about to join that.
            undo.Push("release the network", token => network.ReleaseAsync(container, token));
            var launching = launch.Begin(container);
            undo.Push("end the monitor", _ => launch.EndAsync(container, launching));
            var shared = namespaces.Pids(container);

            // 2. Its sandbox: addresses, which the hosts file needs, and the namespace. The interfaces are made beside everything that follows.
            var sandbox = await network.ReserveAsync(record);
            var endpoints = sandbox?.Endpoints ?? [];
            timing.Mark("reserve");
            await (sandbox?.OpenAsync(CancellationToken.None) ?? Task.CompletedTask);
            var connecting = sandbox?.ConnectAsync(CancellationToken.None) ?? Task.CompletedTask;
            timing.Mark("sandbox");

            // 3. Volumes, bind sources, shared memory.
            PrepareBundle.CheckBindSources(record.Mounts);
            PrepareBundle.CheckPropagation(record.Mounts);
            undo.Push("unmount volumes", _ => volumes.EndAsync(container).AsTask());
            var folders = await volumes.BeginAsync(container, CancellationToken.None);
            undo.Push("unmount shared memory", () => SharedMemory.End(container, log));
            SharedMemory.Begin(container);

            // 4. The files below /etc, then config.json.
            if (namespaces.NetworkOwner(record.HostConfig) is null)
                network.WriteFiles(container, record.Config.Hostname ?? "", endpoints);
            timing.Mark("files");
            string? seccomp = bundle.Write(container, sandbox?.NamespacePath, shared, folders);
            timing.Mark("spec");

            // 5. The container up to its execve.
            var monitor = await launching;
            container.BeginStart(monitor);
            timing.Mark("launch");
            // Settings of an interface need one, and what is set for those to come does not mean those that are there.
            if (record.HostConfig.Sysctls is { Count: > 0 })
                await connecting;
            var started = DateTimeOffset.UtcNow;
            int pid = await monitor.CreateAsync(
                new MonitorCreate
                {
                    Id = container.Id,
                    Bundle = container.Folder,
                    Rootfs = snapshots.Mounts(container.Id),
                    Log = LogSettings.Target(container),
                    OpenStdin = record.Config.OpenStdin,
                    StdinOnce = record.Config.StdinOnce,
                    SeccompProgram = seccomp,
                },
                CancellationToken.None);
            timing.Mark("create");

            // 6. Those who attached before the start, and the interfaces.
            await container.Attachments.GoLiveAsync(monitor, CancellationToken.None);
            await connecting;
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
                Endpoints = [.. endpoints],
                BootId = host.BootId,
            };
            containers.SaveState(container, container.After(ContainerChange.Started, Running));
            timing.Mark("state");

            // 8. Go. Nothing that follows can fail.
            await monitor.StartAsync(CancellationToken.None);
            timing.Mark("exec");
            var run = new ContainerRun(monitor);
            container.BeginRun(run, Running);
            events.PublishNetworks(container, "connect", endpoints);
            events.PublishVolumesMounted(container);
            events.Publish(container, "start");
            watch.Begin(container, run);
            if (log.IsEnabled(LogLevel.Debug))
            {
                string steps = timing.ToString();
                EngineLog.Started(log, container.Id, steps);
            }
        }
        catch (Exception exception)
        {
            var failure = Translate(exception, ref exitCode);
            container.GiveUpRun();
            await undo.UndoAsync();
            await fail.RunAsync(container, failure, exitCode);
            throw failure;
        }
        finally
        {
            container.EndStart();
        }
    }

    private static EngineException Translate(Exception failure, ref int exitCode)
    {
        switch (failure)
        {
            case MonitorException exception:
                (exitCode, var error) = StartFailure.OfContainer(exception.Failure, exception);
                return error;
            case EngineException exception:
                return exception;
            case NetworkException exception:
                return NetworkSetup.Translate(exception);
            default:
                return new EngineException(ErrorKind.System, failure.Message, failure);
        }
    }
}
