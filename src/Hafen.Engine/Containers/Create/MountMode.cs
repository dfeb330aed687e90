namespace Hafen.Engine.Containers.Create;

/// <summary>The mode of <c>-v</c>: a comma-separated mix of access, propagation, copy, label and consistency words, each kind at most once.</summary>
internal readonly record struct MountMode(bool ReadOnly, string? Propagation, bool? NoCopy)
{
    public const string DefaultPropagation = "rprivate";

    /// <summary>What Docker shows for a volume of which nothing else is said.</summary>
    public const string Relabelled = "z";

    public static bool IsPropagation(string word) => word is "private" or "rprivate" or "slave" or "rslave" or "shared" or "rshared";

    /// <summary>False when the text is not a mode.</summary>
    public static bool TryParse(string text, out MountMode mode)
    {
        mode = default;
        if (text.Length == 0)
            return true;
        int access = 0, propagation = 0, copy = 0, label = 0, consistency = 0;
        foreach (string word in text.Split(','))
        {
            switch (word)
            {
                case "rw" or "ro":
                    access++;
                    mode = mode with { ReadOnly = word == "ro" };
                    break;
                case "nocopy":
                    copy++;
                    mode = mode with { NoCopy = true };
                    break;
                // SELinux labels: of no effect on a host without SELinux, as with Docker.
                case "z" or "Z":
                    label++;
                    break;
                case "consistent" or "cached" or "delegated":
                    consistency++;
                    break;
                case var other when IsPropagation(other):
                    propagation++;
                    mode = mode with { Propagation = other };
                    break;
                default:
                    return false;
            }
        }
        return access <= 1 && propagation <= 1 && copy <= 1 && label <= 1 && consistency <= 1;
    }
}
