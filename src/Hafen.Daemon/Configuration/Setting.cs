namespace Hafen.Daemon.Configuration;

/// <summary>How a setting is written.</summary>
internal enum SettingKind
{
    /// <summary>One word or path.</summary>
    Text,
    /// <summary>May be given more than once; a list in the file.</summary>
    List,
    /// <summary><c>key=value</c> pairs; an object in the file.</summary>
    Map,
    /// <summary><c>name=true</c> or <c>name=false</c>; an object of flags in the file.</summary>
    FlagMap,
    /// <summary>True or false; true without a value.</summary>
    Flag,
    /// <summary>A whole number.</summary>
    Number,
}

/// <summary>One thing the operator can decide, under the names <c>dockerd</c> has for it.</summary>
/// <param name="Flag">Long flag without dashes.</param>
/// <param name="Key">Key in <c>daemon.json</c>; null when it can only be a flag.</param>
/// <param name="Kind">How it is written.</param>
/// <param name="Apply">Takes the values into the settings; for single values the last one counts.</param>
/// <param name="Short">One-letter flag.</param>
/// <param name="Reloadable">Whether SIGHUP applies it.</param>
internal sealed record Setting(
    string Flag, string? Key, SettingKind Kind, Func<DaemonSettings, IReadOnlyList<string>, DaemonSettings> Apply, char? Short = null, bool Reloadable = false)
{
    public static bool ParseFlag(string name, string text) => text switch
    {
        "true" or "1" or "t" or "T" or "TRUE" or "True" => true,
        "false" or "0" or "f" or "F" or "FALSE" or "False" => false,
        _ => throw new SettingException($"invalid argument \"{text}\" for \"--{name}\" flag: strconv.ParseBool: parsing \"{text}\": invalid syntax"),
    };

    public static int ParseNumber(string name, string text)
        => int.TryParse(text, out int number) ? number
            : throw new SettingException($"invalid argument \"{text}\" for \"--{name}\" flag: strconv.ParseInt: parsing \"{text}\": invalid syntax");
}

/// <summary>A flag or the file is wrong; the message says which and how.</summary>
internal sealed class SettingException(string message, Exception? inner = null) : Exception(message, inner);
