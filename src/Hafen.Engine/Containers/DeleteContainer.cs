using Hafen.Engine.Events;
using Hafen.Engine.Monitors;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Snapshots;
using Hafen.Volumes;
using Hafen.Volumes.Drivers;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>Takes away a container that does not run, with everything that is its own: asked for, by <c>--rm</c>, or because an earlier daemon had begun to.</summary>
internal sealed class DeleteContainer(
    ContainerStore containers, ContainerUses uses, ISnapshotter snapshots, IVolumes volumes, IMonitors monitors, ContainerEvents events, EventStream stream, ILogger log)
{
    /// <param name="container">The caller holds its gate.</param>
    /// <param name="removeVolumes">Its anonymous volumes go, too.</param>
    /// <exception cref="EngineException">Something of it is left; it is dead then.</exception>
    public async Task RunAsync(Container container, bool removeVolumes)
    {
        container.BeginRemoval(removeVolumes);
        try
        {
            // Written down: what a crash leaves of it from here on is no container any more, and the next start of the daemon finishes the work. On a full disk
            // it goes without: a removal makes room.
            containers.SaveState(container);
            if (container.Early is { } early)
                await early.EndAsync();
            container.Attachments.Drop();
            if (container.ExitFileKept)
                monitors.RemoveState(container.Id);
            SharedMemory.End(container, log);
            snapshots.Remove(container.Id);
            if (removeVolumes)
                await RemoveVolumesAsync(container);
            containers.DeleteFiles(container);
        }
        catch (Exception exception)
        {
            string message = $"unable to remove filesystem: {exception.Message}";
            container.FailRemoval(message);
            if (Directory.Exists(container.Folder))
                containers.SaveState(container);
            container.Waiters.RemovalFailed(new WaitResult(container.State.ExitCode, message));
            EngineLog.RemovalFailed(log, exception, container.Id);
            throw new EngineException(ErrorKind.System, $"cannot remove container \"{container.Record.Name}\": {message}", exception);
        }
        containers.Remove(container);
        events.Publish(container, "destroy");
        container.MarkRemoved();
    }

    private async ValueTask RemoveVolumesAsync(Container container)
    {
        foreach (var mount in container.Record.Mounts)
        {
            if (mount is not { Type: "volume", Anonymous: true, Name: { } name } || uses.OfVolume(name).Any(user => user.Id != container.Id))
                continue;
            try
            {
                await volumes.RemoveAsync(name, CancellationToken.None);
                stream.Publish("volume", "destroy", name, new Dictionary<string, string> { ["driver"] = mount.Driver ?? VolumeDrivers.DefaultName });
            }
            catch (VolumeException exception) when (exception.Kind == ErrorKind.NotFound)
            {
                // A removal that a crash cut off got this far.
            }
            catch (Exception exception) when (exception is VolumeException or LinuxException or IOException)
            {
                EngineLog.StepFailed(log, container.Id, "remove volume " + name, exception.Message);
            }
        }
    }
}
