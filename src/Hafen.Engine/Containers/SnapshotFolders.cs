namespace Hafen.Engine.Containers;

/// <summary>The folders behind a snapshot, topmost first.</summary>
internal static class SnapshotFolders
{
    public static IReadOnlyList<string> Of(IReadOnlyDictionary<string, string> description)
    {
        var folders = new List<string>();
        if (description.TryGetValue("UpperDir", out string? upper) && upper.Length > 0)
            folders.Add(upper);
        if (description.TryGetValue("LowerDir", out string? lower) && lower.Length > 0)
            folders.AddRange(lower.Split(':'));
        return folders;
    }
}
