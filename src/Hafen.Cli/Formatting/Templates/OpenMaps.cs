using System.Text.Json;

namespace Hafen.Cli.Formatting.Templates;

/// <summary>
/// Members whose keys the user chooses (labels, networks, options): a template may ask for a key that is not there and gets no value.
/// Members of all other objects are known, and asking for another is an error.
/// </summary>
internal static class OpenMaps
{
    private static readonly IReadOnlySet<string> s_names =
        new HashSet<string> { "Labels", "Networks", "Data", "Volumes", "Tmpfs", "Sysctls", "Annotations", "Options", "DriverOpts", "StorageOpt" };

    /// <summary>The field is a key in such a map.</summary>
    /// <param name="fields">A chain of fields, <c>.Config.Labels.a</c>.</param>
    /// <param name="index">The field.</param>
    public static bool IsOpen(IReadOnlyList<string> fields, int index)
        => index > 0 && (s_names.Contains(fields[index - 1]) || (index > 1 && fields[index - 1] == "Config" && fields[index - 2] == "LogConfig"));

    public static bool Lacks(object? map, string key)
        => map is NullValue || (map is JsonElement { ValueKind: JsonValueKind.Object } members && !members.TryGetProperty(key, out _));
}
