using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Hafen.Api;

namespace Hafen.Engine.Tests.Api;

/// <summary>Bodies of requests with one null in them, for every member, list and map there is in a request's type.</summary>
internal static class NullBodies
{
    /// <param name="Place">Where the null is, as <c>HostConfig.Devices[].PathOnHost</c>.</param>
    /// <param name="Body">The whole body.</param>
    /// <param name="IsMember">Whether a member is null, which is the same as its absence; else an element of a list or map.</param>
    public sealed record Case(string Place, JsonObject Body, bool IsMember);

    public static IEnumerable<Case> Of(Type request)
        => Values(request, "").Select(value => value with { Body = (JsonObject)value.Body[""]! });

    /// <summary>Every way to have one null in a value of a type; the value is the body's member "".</summary>
    private static IEnumerable<Case> Values(Type type, string place)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsArray)
        {
            yield return new Case(place + "[]", Wrap(new JsonArray((JsonNode?)null)), IsMember: false);
            foreach (var inner in Values(type.GetElementType()!, place + "[]"))
                yield return inner with { Body = Wrap(new JsonArray(Unwrap(inner))) };
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>))
        {
            string key = Key(place);
            yield return new Case(place + "{}", Wrap(new JsonObject { [key] = null }), IsMember: false);
            foreach (var inner in Values(type.GetGenericArguments()[1], place + "{}"))
                yield return inner with { Body = Wrap(new JsonObject { [key] = Unwrap(inner) }) };
        }
        else if (type.IsClass && type != typeof(string))
        {
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
            {
                string name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? property.Name;
                string at = place.Length == 0 ? name : $"{place}.{name}";
                yield return new Case(at, Wrap(new JsonObject { [name] = null }), IsMember: true);
                foreach (var inner in Values(property.PropertyType, at))
                    yield return inner with { Body = Wrap(new JsonObject { [name] = Unwrap(inner) }) };
            }
        }
    }

    /// <summary>A key that makes sense where the map is, so that the null is what matters.</summary>
    private static string Key(string place) => place[(place.LastIndexOf('.') + 1)..] switch
    {
        "Tmpfs" or "Volumes" => "/x",
        "ExposedPorts" or "PortBindings" => "80/tcp",
        "Sysctls" => "net.ipv4.ip_forward",
        "EndpointsConfig" => "bridge",
        "Config" => "max-size",
        _ => "k",
    };

    private static JsonObject Wrap(JsonNode? value) => new() { [""] = value };

    private static JsonNode? Unwrap(Case value) => value.Body[""]?.DeepClone();
}
