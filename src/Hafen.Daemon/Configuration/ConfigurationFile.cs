using System.Text.Json;

namespace Hafen.Daemon.Configuration;

/// <summary>Reads <c>daemon.json</c>.</summary>
internal static class ConfigurationFile
{
    /// <summary>Values by the flag's name.</summary>
    /// <exception cref="SettingException">Not JSON, an unknown directive, or a value of another kind.</exception>
    public static IReadOnlyDictionary<string, List<string>> Parse(string text)
    {
        var values = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        if (string.IsNullOrWhiteSpace(text))
            return values;
        using var document = ParseJson(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new SettingException("the file is not a JSON object");
        var unknown = new List<string>();
        foreach (var directive in document.RootElement.EnumerateObject())
        {
            var setting = SettingTable.All.FirstOrDefault(each => each.Key == directive.Name);
            if (setting is not null)
                values[setting.Flag] = Values(setting, directive.Value);
            else if (SettingTable.Unserved.Contains(directive.Name))
                throw new SettingException($"the directive {directive.Name} is not supported by this version");
            else
                unknown.Add(directive.Name);
        }
        if (unknown.Count > 0)
            throw new SettingException($"the following directives don't match any configuration option: {string.Join(", ", unknown)}");
        return values;
    }

    private static JsonDocument ParseJson(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException exception)
        {
            throw new SettingException($"syntax error in line {exception.LineNumber + 1}", exception);
        }
    }

    private static List<string> Values(Setting setting, JsonElement value)
    {
        switch (setting.Kind, value.ValueKind)
        {
            case (SettingKind.Text, JsonValueKind.String):
            case (SettingKind.List, JsonValueKind.String):
                return [value.GetString()!];
            case (SettingKind.Flag, JsonValueKind.True):
                return ["true"];
            case (SettingKind.Flag, JsonValueKind.False):
                return ["false"];
            case (SettingKind.Number, JsonValueKind.Number):
                return [value.GetRawText()];
            case (SettingKind.List, JsonValueKind.Array) when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String):
                return [.. value.EnumerateArray().Select(item => item.GetString()!)];
            case (SettingKind.Map, JsonValueKind.Object):
                return [.. value.EnumerateObject().Select(entry => $"{entry.Name}={MapValue(setting, entry)}")];
            case (SettingKind.FlagMap, JsonValueKind.Object) when value.EnumerateObject().All(entry => entry.Value.ValueKind is JsonValueKind.True or JsonValueKind.False):
                return [.. value.EnumerateObject().Select(entry => $"{entry.Name}={(entry.Value.ValueKind == JsonValueKind.True ? "true" : "false")}")];
            default:
                throw new SettingException($"the directive {setting.Key} has a value of another kind than expected");
        }
    }

    /// <summary>A string, or for ulimits an object with <c>Soft</c> and <c>Hard</c>, which becomes the flag's <c>soft:hard</c>.</summary>
    private static string MapValue(Setting setting, JsonProperty entry)
    {
        if (entry.Value.ValueKind == JsonValueKind.String)
            return entry.Value.GetString()!;
        if (entry.Value.ValueKind == JsonValueKind.Object && entry.Value.TryGetProperty("Soft", out var soft) && entry.Value.TryGetProperty("Hard", out var hard))
            return $"{soft.GetRawText()}:{hard.GetRawText()}";
        throw new SettingException($"the directive {setting.Key}.{entry.Name} has a value of another kind than expected");
    }
}
