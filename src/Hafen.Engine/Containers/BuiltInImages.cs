namespace Hafen.Engine.Containers;

/// <summary>Images this engine carries with it, for machines without a registry in reach.</summary>
internal static class BuiltInImages
{
    /// <summary>True when the reference names a built-in image in any of its usual spellings.</summary>
    public static bool Is(string reference)
        => reference is "hello-world" or "hello-world:latest" or "library/hello-world" or "library/hello-world:latest"
            or "docker.io/library/hello-world" or "docker.io/library/hello-world:latest";

    /// <summary>The reference with <c>:latest</c> when it has neither tag nor digest, as messages show it.</summary>
    public static string WithTag(string reference)
    {
        if (reference.Contains('@') || reference.StartsWith("sha256:", StringComparison.Ordinal))
            return reference;
        return reference.LastIndexOf(':') > reference.LastIndexOf('/') ? reference : reference + ":latest";
    }
}
