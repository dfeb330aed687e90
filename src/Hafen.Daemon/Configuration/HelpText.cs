using System.Text;

namespace Hafen.Daemon.Configuration;

/// <summary>What <c>--help</c> prints.</summary>
internal static class HelpText
{
    public static string Make()
    {
        var text = new StringBuilder("Usage:  hafend [OPTIONS]\n\nThe daemon of Hafen: serves the Docker Engine API.\n\nOptions:\n");
        text.Append("      --config-file string").Append(new string(' ', 11)).Append("Configuration file (default ").Append(SettingsReader.DefaultFile).Append(")\n");
        foreach (var setting in SettingTable.All.OrderBy(each => each.Flag, StringComparer.Ordinal))
        {
            string letter = setting.Short is { } c ? $"-{c}, " : "    ";
            string kind = setting.Kind switch
            {
                SettingKind.Flag => "",
                SettingKind.List => " list",
                SettingKind.Map or SettingKind.FlagMap => " key=value",
                SettingKind.Number => " int",
                _ => " string",
            };
            text.Append("  ").Append(letter).Append("--").Append(setting.Flag).Append(kind).Append('\n');
        }
        text.Append("      --validate               Check the configuration and exit\n  -h, --help\n  -v, --version\n");
        return text.ToString();
    }
}
