namespace Hafen.Daemon.Configuration;

/// <summary>Puts flags and file together.</summary>
internal static class SettingsReader
{
    public const string UsualFile = "/etc/hafen/daemon.json";

    /// <exception cref="SettingException">A flag or the file is wrong.</exception>
    public static DaemonSettings Read(CommandLine line)
    {
        string file = line.ConfigFile ?? UsualFile;
        IReadOnlyDictionary<string, List<string>> fromFile = new Dictionary<string, List<string>>();
        if (File.Exists(file))
        {
            try
            {
                fromFile = ConfigurationFile.Parse(File.ReadAllText(file));
            }
            catch (SettingException e)
            {
                throw new SettingException($"unable to configure the daemon with file {file}: {e.Message}", e);
            }
        }
        else if (line.ConfigFile is not null)
        {
            throw new SettingException($"unable to configure the daemon with file {file}: open {file}: no such file or directory");
        }
        return Combine(line.Values, fromFile, file);
    }

    /// <summary>Pure part of <see cref="Read"/>.</summary>
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
        var settings = new DaemonSettings();
        foreach (var setting in SettingTable.All)
        {
            if (flags.TryGetValue(setting.Flag, out var values) || fromFile.TryGetValue(setting.Flag, out values))
                settings = setting.Apply(settings, values);
        }
        return settings;
    }
}
