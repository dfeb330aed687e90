using Hafen.Engine.Containers.Create;
using Hafen.Linux;
using Hafen.Linux.Mounts;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>
/// <c>/dev/shm</c> of containers that share it (<c>--ipc shareable</c>): a tmpfs of the host's, because a mount of one container cannot be bound
/// into another's mount namespace.
/// </summary>
internal static class SharedMemory
{
    private const string FolderName = "shm";

    public static string PathOf(Container container) => Path.Combine(container.Folder, FolderName);

    /// <summary>Makes it before the container starts.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void Begin(Container container)
    {
        if (container.Record.HostConfig.IpcMode != NamespaceMode.Shareable)
            return;
        string path = PathOf(container);
        Directory.CreateDirectory(path);
        HostMount.Detach(path);
        HostMount.Tmpfs(path, $"mode=1777,size={container.Record.HostConfig.ShmSize}");
    }

    /// <summary>Takes it away at the container's end; containers that share it keep what they have mounted.</summary>
    public static void End(Container container, ILogger log)
    {
        if (container.Record.HostConfig.IpcMode != NamespaceMode.Shareable)
            return;
        try
        {
            HostMount.Detach(PathOf(container));
        }
        catch (LinuxException exception)
        {
            EngineLog.StepFailed(log, container.Id, "unmount the shared memory", exception.Message);
        }
    }
}
