namespace Hafen.Daemon.Configuration;

/// <summary>What stands on the command line.</summary>
/// <param name="Values">Values by the flag's name, in order.</param>
/// <param name="ConfigFile">File given with <c>--config-file</c>; null for the usual one.</param>
/// <param name="ShowVersion"><c>--version</c>.</param>
/// <param name="ShowHelp"><c>--help</c>.</param>
/// <param name="Validate"><c>--validate</c>: check the configuration and do nothing else.</param>
internal sealed record CommandLine(
    IReadOnlyDictionary<string, List<string>> Values, string? ConfigFile, bool ShowVersion, bool ShowHelp, bool Validate)
{
    /// <summary>Parses flags as pflag does: <c>--name value</c>, <c>--name=value</c>, <c>-H value</c>, <c>-Hvalue</c>, <c>-DH value</c>.</summary>
    /// <exception cref="SettingException">A flag is unknown or lacks its value.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        string? configFile = null;
        bool version = false, help = false, validate = false;
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument is "--version" or "-v")
                version = true;
            else if (argument is "--help" or "-h")
                help = true;
            else if (argument == "--validate")
                validate = true;
            else if (argument == "--config-file" || argument.StartsWith("--config-file=", StringComparison.Ordinal))
                configFile = Value(argument, arguments, ref i);
            else if (argument.StartsWith("--", StringComparison.Ordinal))
                Long(argument, arguments, ref i, values);
            else if (argument.Length > 1 && argument[0] == '-')
                Letters(argument, arguments, ref i, values);
            else
                throw new SettingException($"hafend accepts no arguments: {argument}");
        }
        return new CommandLine(values, configFile, version, help, validate);
    }

    private static void Long(string argument, IReadOnlyList<string> arguments, ref int index, Dictionary<string, List<string>> values)
    {
        int equals = argument.IndexOf('=');
        string name = equals < 0 ? argument[2..] : argument[2..equals];
        var setting = SettingTable.All.FirstOrDefault(each => each.Flag == name)
            ?? throw new SettingException(SettingTable.Unserved.Contains(name) ? $"--{name} is not supported by this version" : $"unknown flag: --{name}");
        bool bare = setting.Kind == SettingKind.Flag && equals < 0;
        Add(values, name, bare ? "true" : Value(argument, arguments, ref index));
    }

    private static void Letters(string argument, IReadOnlyList<string> arguments, ref int index, Dictionary<string, List<string>> values)
    {
        for (int at = 1; at < argument.Length; at++)
        {
            char letter = argument[at];
            var setting = SettingTable.All.FirstOrDefault(each => each.Short == letter)
                ?? throw new SettingException($"unknown shorthand flag: '{letter}' in {argument}");
            if (setting.Kind == SettingKind.Flag)
            {
                Add(values, setting.Flag, "true");
                continue;
            }
            string rest = argument[(at + 1)..].TrimStart('=');
            if (rest.Length == 0)
            {
                if (++index >= arguments.Count)
                    throw new SettingException($"flag needs an argument: '{letter}' in {argument}");
                rest = arguments[index];
            }
            Add(values, setting.Flag, rest);
            return;
        }
    }

    private static string Value(string argument, IReadOnlyList<string> arguments, ref int index)
    {
        int equals = argument.IndexOf('=');
        if (equals >= 0)
            return argument[(equals + 1)..];
        return ++index < arguments.Count ? arguments[index] : throw new SettingException($"flag needs an argument: {argument}");
    }

    private static void Add(Dictionary<string, List<string>> values, string name, string value)
    {
        if (!values.TryGetValue(name, out var list))
            values[name] = list = [];
        list.Add(value);
    }
}
