namespace Hafen.Engine.State.Disk;

/// <summary>A <see cref="ContainerStatus"/> as it is stored: by its name here.</summary>
internal enum StoredStatus
{
    Created,
    Running,
    Paused,
    Restarting,
    Removing,
    Exited,
    Dead,
}
