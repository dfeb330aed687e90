using System.Collections;
using System.Text.Json.Serialization.Metadata;
using Hafen.Api;

namespace Hafen.Engine;

/// <summary>
/// Text that clients and images bring ends up as paths, arguments, variables and names in calls of the kernel, which takes what comes before a null byte for the
/// whole. One rule for all of it: no text of a request holds one. The members are those its JSON has, so a new one is looked at from its first day.
/// </summary>
internal static class NullBytes
{
    /// <exception cref="EngineException">A text holds a null byte; the message says where.</exception>
    public static void Refuse(ContainerCreateRequest request) => Refuse(request, ApiJson.Default.ContainerCreateRequest);

    /// <inheritdoc cref="Refuse(ContainerCreateRequest)"/>
    public static void Refuse(ContainerConfig config) => Refuse(config, ApiJson.Default.ContainerConfig);

    /// <inheritdoc cref="Refuse(ContainerCreateRequest)"/>
    public static void Refuse(ContainerUpdateRequest request) => Refuse(request, ApiJson.Default.ContainerUpdateRequest);

    /// <inheritdoc cref="Refuse(ContainerCreateRequest)"/>
    public static void Refuse(ExecCreateRequest request) => Refuse(request, ApiJson.Default.ExecCreateRequest);

    /// <inheritdoc cref="Refuse(ContainerCreateRequest)"/>
    public static void Refuse(VolumeCreateRequest request) => Refuse(request, ApiJson.Default.VolumeCreateRequest);

    private static void Refuse(object request, JsonTypeInfo type)
    {
        if (Find(request, type) is { } place)
            throw EngineException.InvalidParameter($"invalid {place.TrimStart('.')}: it holds a null byte");
    }

    /// <summary>Where a text below this value holds a null byte: <c>.HostConfig.Binds[0]</c>; null when none does.</summary>
    private static string? Find(object? value, JsonTypeInfo type)
    {
        switch (value)
        {
            case null:
                return null;
            case string text:
                return text.Contains('\0') ? "" : null;
            case string[] texts:
                int index = Array.FindIndex(texts, static text => text?.Contains('\0') == true);
                return index < 0 ? null : $"[{index}]";
            case IDictionary map:
                return Find(map, type);
            case IEnumerable items:
                return Find(items, type);
        }
        foreach (var property in type.Properties)
        {
            // Numbers and the like hold no text.
            if (property.PropertyType.IsValueType || property.Get is null)
                continue;
            object? member = property.Get(value);
            if (member is null)
                continue;
            if (Find(member, type.Options.GetTypeInfo(property.PropertyType)) is { } place)
                return $".{property.Name}{place}";
        }
        return null;
    }

    private static string? Find(IDictionary map, JsonTypeInfo type)
    {
        foreach (DictionaryEntry entry in map)
        {
            string key = (string)entry.Key;
            // A name that cannot be shown is told by what it begins with.
            if (key.IndexOf('\0') is >= 0 and var end)
                return $"[{key[..end]}]";
            if (Find(entry.Value, Element(type)) is { } place)
                return $"[{key}]{place}";
        }
        return null;
    }

    private static string? Find(IEnumerable items, JsonTypeInfo type)
    {
        int index = 0;
        foreach (object? item in items)
        {
            if (Find(item, Element(type)) is { } place)
                return $"[{index}]{place}";
            index++;
        }
        return null;
    }

    private static JsonTypeInfo Element(JsonTypeInfo type) => type.Options.GetTypeInfo(type.ElementType!);
}
