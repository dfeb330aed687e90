namespace Hafen.Engine.Containers;

/// <summary>Where a container's log lies.</summary>
internal static class LogFile
{
    public static string PathOf(Container container) => Path.Combine(container.Folder, container.Id + "-json.log");
}
