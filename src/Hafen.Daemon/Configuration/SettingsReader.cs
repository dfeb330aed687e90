namespace Hafen.Daemon.Configuration;

/// <summary>Puts flags and file together.</summary>
internal static class SettingsReader
{
    public const string DefaultFile = "/etc/hafen/daemon.json";

    /// <exception cref="SettingException">A flag or the file is wrong.</exception>
    public static DaemonSettings Read(CommandLine line) => Read(line, (flags, fromFile, file) => Combine(flags, fromFile, file));

    /// <summary>
    /// What holds after the file has changed: of the settings that may change while the daemon runs those that are given now, else what held before.
    /// </summary>
    /// <exception cref="SettingException">The file is wrong, also where it could not change anything.</exception>
    public static DaemonSettings ReadAgain(CommandLine line, DaemonSettings before)
        => Read(line, (flags, fromFile, file) =>
        {
            Combine(flags, fromFile, file);
            return Apply(before, SettingTable.All.Where(setting => setting.Reloadable), flags, fromFile);
        });

    private static DaemonSettings Read(
        CommandLine line,
        Func<IReadOnlyDictionary<string, List<string>>, IReadOnlyDictionary<string, List<string>>, string, DaemonSettings> combine)
    {
        string file = line.ConfigFile ?? DefaultFile;
        IReadOnlyDictionary<string, List<string>> fromFile = new Dictionary<string, List<string>>();
        if (File.Exists(file))
        {
            try
            {
                fromFile = ConfigurationFile.Parse(File.ReadAllText(file));
            }
            catch (SettingException exception)
            {
                throw new SettingException($"unable to configure the daemon with file {file}: {exception.Message}", exception);
            }
        }
        else if (line.ConfigFile is not null)
        {
            throw new SettingException($"unable to configure the daemon with file {file}: open {file}: no such file or directory");
        }
        return combine(line.Values, fromFile, file);
    }

    /// <summary>Pure part of <see cref="Read(CommandLine)"/>.</summary>
    public static DaemonSettings Combine(
        IReadOnlyDictionary<string, List<string>> flags, IReadOnlyDictionary<string, List<string>> fromFile, string file)
    {
        var twice = SettingTable.All.Where(setting => flags.ContainsKey(setting.Flag) && fromFile.ContainsKey(setting.Flag)).ToList();
        if (twice.Count > 0)
        {
            var texts = twice.Select(s => $"{s.Key}: (from flag: {string.Join(' ', flags[s.Flag])}, from file: {string.Join(' ', fromFile[s.Flag])})");
            throw new SettingException(
                $"unable to configure the daemon with file {file}: the following directives are specified both as a flag and in the configuration file: "
                + string.Join(", ", texts));
        }
        return Apply(new DaemonSettings(), SettingTable.All, flags, fromFile);
    }

    private static DaemonSettings Apply(
        DaemonSettings settings, IEnumerable<Setting> table, IReadOnlyDictionary<string, List<string>> flags, IReadOnlyDictionary<string, List<string>> fromFile)
    {
        foreach (var setting in table)
        {
            if (flags.TryGetValue(setting.Flag, out var values) || fromFile.TryGetValue(setting.Flag, out values))
                settings = setting.Apply(settings, values);
        }
        return settings;
    }
}
