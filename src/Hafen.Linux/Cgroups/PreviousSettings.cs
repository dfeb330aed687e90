namespace Hafen.Linux.Cgroups;

/// <summary>What the files of a cgroup held before an update.</summary>
public sealed class PreviousSettings
{
    private readonly CgroupDirectorySet _directories;
    private readonly List<CgroupSetting> _values;

    private PreviousSettings(CgroupDirectorySet directories, List<CgroupSetting> values)
    {
        _directories = directories;
        _values = values;
    }

    /// <summary>Writes the old values, the last first; what the kernel does not take back stays as it is.</summary>
    public void Restore()
    {
        // A limit that is checked against another one may have to wait for it.
        for (int round = 0; round < 2; round++)
        {
            for (int i = _values.Count - 1; i >= 0; i--)
                _directories.For(_values[i].Controller)?.Write(_values[i].File, _values[i].Value);
        }
    }

    /// <summary>Files with one line alone can be written as they were read; those with one for each device are left out.</summary>
    internal static PreviousSettings Read(CgroupDirectorySet directories, IReadOnlyList<CgroupSetting> plan)
    {
        var values = new List<CgroupSetting>(plan.Count);
        foreach (var setting in plan)
        {
            if (Value(directories, setting) is { } value)
                values.Add(value);
            else if (setting.Alternative is { } alternative && Value(directories, alternative) is { } other)
                values.Add(other);
        }
        return new PreviousSettings(directories, values);
    }

    private static CgroupSetting? Value(CgroupDirectorySet directories, CgroupSetting setting)
    {
        string? text = directories.For(setting.Controller)?.ReadText(setting.File);
        return string.IsNullOrEmpty(text) || text.Contains('\n') ? null : setting with { Value = text, Alternative = null };
    }
}
