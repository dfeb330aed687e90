using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Hafen.Engine.Tests.State.Disk;

/// <summary>Objects in which every field has a value of its own, and what differs between two of them. A field that is added tomorrow is one of them without being named here.</summary>
internal sealed class EveryField
{
    private static readonly DateTimeOffset s_begin = new(2026, 3, 1, 12, 30, 15, 250, TimeSpan.Zero);
    private int _last;

    public static T Of<T>() => (T)new EveryField().Make(typeof(T), "");

    /// <summary>Paths of the fields in which the two differ.</summary>
    public static IEnumerable<string> Differences(object? one, object? other, string path = "")
    {
        if (one is null || other is null || one.GetType() != other.GetType())
            return Equals(one, other) ? [] : [$"{path}: {one ?? "null"} and {other ?? "null"}"];
        return one switch
        {
            string or ValueType => Equals(one, other) ? [] : [$"{path}: {one} and {other}"],
            IDictionary map => Keys(map).Union(Keys((IDictionary)other)).SelectMany(key => Differences(map[key], ((IDictionary)other)[key], $"{path}[{key}]")),
            Array list when list.Length != ((Array)other).Length => [$"{path}: {list.Length} and {((Array)other).Length} elements"],
            Array list => Enumerable.Range(0, list.Length).SelectMany(i => Differences(list.GetValue(i), ((Array)other).GetValue(i), $"{path}[{i}]")),
            _ => Fields(one.GetType()).SelectMany(field => Differences(field.GetValue(one), field.GetValue(other), $"{path}.{field.Name}")),
        };
    }

    public static IEnumerable<PropertyInfo> Fields(Type type)
        => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).OrderBy(property => property.Name, StringComparer.Ordinal);

    private static IEnumerable<string> Keys(IDictionary map) => map.Keys.Cast<string>();

    private object Make(Type type, string name)
    {
        _last++;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Make(underlying, name);
        if (type == typeof(string))
            return $"{name} {_last}";
        if (type == typeof(bool))
            return true;
        if (type == typeof(DateTimeOffset))
            return s_begin.AddSeconds(_last);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(1)!;
        if (type.IsPrimitive)
            return Convert.ChangeType(_last, type, CultureInfo.InvariantCulture);
        if (type.IsArray)
        {
            var list = Array.CreateInstance(type.GetElementType()!, 2);
            for (int i = 0; i < list.Length; i++)
                list.SetValue(Make(type.GetElementType()!, name), i);
            return list;
        }
        if (type.IsAssignableTo(typeof(IDictionary)))
        {
            var map = (IDictionary)Activator.CreateInstance(type)!;
            map[$"{name} key {_last}"] = Make(type.GetGenericArguments()[1], name);
            return map;
        }
        object made = Activator.CreateInstance(type)!;
        foreach (var field in Fields(type))
            field.SetValue(made, Make(field.PropertyType, field.Name));
        return made;
    }
}
