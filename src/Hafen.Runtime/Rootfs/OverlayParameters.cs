namespace Hafen.Runtime.Rootfs;

/// <summary>Overlay options as parameters of a file system context: <c>lowerdir=a:b</c> becomes <c>lowerdir+</c> a, <c>lowerdir+</c> b.</summary>
internal static class OverlayParameters
{
    /// <summary>Key, value, key, value …; the order of the layers is kept, the topmost first.</summary>
    public static string?[] From(string? source, IReadOnlyList<(string Key, string? Value)> parameters)
    {
        var strings = new List<string?> { "source", source ?? "overlay" };
        foreach (var (key, value) in parameters)
        {
            if (key != "lowerdir" || value is null)
            {
                strings.AddRange([key, value]);
                continue;
            }

            foreach (string layer in SplitLayers(value))
                strings.AddRange(["lowerdir+", layer]);
        }

        return [.. strings];
    }

    /// <summary>Layers are separated by colons; a backslash makes a colon part of a name.</summary>
    private static IEnumerable<string> SplitLayers(string value)
    {
        int start = 0;
        for (int i = 0; i <= value.Length; i++)
        {
            if (i < value.Length && value[i] == '\\')
            {
                i++;
                continue;
            }

            if (i < value.Length && value[i] != ':')
                continue;
            if (i > start)
                yield return value[start..i].Replace("\\:", ":");
            start = i + 1;
        }
    }
}
