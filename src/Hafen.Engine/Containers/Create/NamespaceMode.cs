namespace Hafen.Engine.Containers.Create;

/// <summary>The namespace modes of a request as words: <c>host</c>, <c>none</c>, <c>private</c>, <c>container:REF</c>, or a network's name.</summary>
public static class NamespaceMode
{
    public const string Host = "host", None = "none", Private = "private", Shareable = "shareable";

    private const string ContainerPrefix = "container:";

    /// <summary>The container whose namespace is shared; null when the mode is another one.</summary>
    public static string? ContainerOf(string? mode)
        => mode is not null && mode.StartsWith(ContainerPrefix, StringComparison.Ordinal) ? mode[ContainerPrefix.Length..] : null;

    /// <summary>Another container's namespace is meant, and none is named. A network cannot be called <c>container</c>.</summary>
    public static bool IsContainerWithoutName(string? mode) => mode == ContainerPrefix || mode == ContainerPrefix[..^1];

    public static bool IsContainer(string? mode) => ContainerOf(mode) is not null;

    public static string OfContainer(string id) => ContainerPrefix + id;
}
