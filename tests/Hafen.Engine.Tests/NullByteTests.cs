using System.Collections;
using System.Reflection;
using System.Text;
using Hafen.Api;
using Hafen.Errors;

namespace Hafen.Engine.Tests;

/// <summary>No text of a request holds a null byte: each member of each request, found by reflection, so that none is forgotten.</summary>
public sealed class NullByteTests
{
    private const string Bad = "/proc/kcore\0x";

    public static TheoryData<string> Requests => new("create", "update", "exec", "volume");

    [Theory, MemberData(nameof(Requests))]
    public void Every_text_is_looked_at(string kind)
    {
        var (request, refuse) = kind switch
        {
            "create" => (new ContainerCreateRequest { HostConfig = new HostConfig() }, r => NullBytes.Refuse((ContainerCreateRequest)r)),
            "update" => (new ContainerUpdateRequest(), r => NullBytes.Refuse((ContainerUpdateRequest)r)),
            "exec" => (new ExecCreateRequest(), r => NullBytes.Refuse((ExecCreateRequest)r)),
            _ => ((object)new VolumeCreateRequest(), (Action<object>)(r => NullBytes.Refuse((VolumeCreateRequest)r))),
        };
        refuse(request);
        int texts = 0;
        foreach (var (place, broken) in Broken(request.GetType()))
        {
            texts++;
            var error = Assert.Throws<EngineException>(() => refuse(broken));
            Assert.Equal(ErrorKind.InvalidParameter, error.Kind);
            Assert.Equal($"invalid {place}: it holds a null byte", error.Message);
        }
        Assert.True(texts >= (kind == "create" ? 80 : 3), $"only {texts} texts were found");
    }

    [Fact]
    public void Large_requests_without_one_pass()
        => NullBytes.Refuse(new ContainerCreateRequest { Env = [.. Enumerable.Range(0, 10_000).Select(i => $"A{i}={i}")], HostConfig = new HostConfig { Binds = ["/a:/b"] } });

    private static string Join(string place, string below) => below.Length == 0 || below[0] == '[' ? place + below : $"{place}.{below}";

    /// <summary>One object for each text below a type, with a null byte in that text alone.</summary>
    private static IEnumerable<(string Place, object Value)> Broken(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            yield return ("", Bad);
        }
        else if (type.IsArray)
        {
            foreach (var (place, item) in Broken(type.GetElementType()!))
            {
                var array = Array.CreateInstance(type.GetElementType()!, 1);
                array.SetValue(item, 0);
                yield return (Join("[0]", place), array);
            }
        }
        else if (typeof(IDictionary).IsAssignableFrom(type))
        {
            var value = type.GetGenericArguments()[1];
            var named = (IDictionary)Activator.CreateInstance(type)!;
            named[Bad] = value == typeof(string) ? "" : null;
            yield return ($"[{Bad[..Bad.IndexOf('\0')]}]", named);
            foreach (var (place, item) in Broken(value))
            {
                var map = (IDictionary)Activator.CreateInstance(type)!;
                map["k"] = item;
                yield return (Join("[k]", place), map);
            }
        }
        else if (type.Assembly == typeof(HostConfig).Assembly && type.IsClass)
        {
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
            {
                foreach (var (place, member) in Broken(property.PropertyType))
                {
                    object owner = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
                    property.SetValue(owner, member);
                    yield return (Join(property.Name, place), owner);
                }
            }
        }
    }
}
