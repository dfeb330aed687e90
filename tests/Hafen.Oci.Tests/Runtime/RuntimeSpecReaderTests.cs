using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Hafen.Oci.Runtime;

namespace Hafen.Oci.Tests.Runtime;

public class RuntimeSpecReaderTests
{
    /// <summary>Every member of every record is filled by reflection, so a member added later and forgotten in the reader fails here.</summary>
    [Fact]
    public void Every_member_is_read_as_the_serializer_reads_it()
    {
        int counter = 0;
        var full = (RuntimeSpec)Fill(typeof(RuntimeSpec), ref counter)!;
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(full, RuntimeSpecJson.Default.RuntimeSpec);
        Assert.True(counter > 150, $"{counter} values");

        var read = RuntimeSpecReader.Read(json);

        Assert.Equal(Encoding.UTF8.GetString(json), JsonSerializer.Serialize(read, RuntimeSpecJson.Default.RuntimeSpec));
    }

    [Fact]
    public void A_process_and_resources_are_read_alone()
    {
        Assert.Equal(["a", "b\"c"], RuntimeSpecReader.ReadProcess("""{"user":{"uid":5},"args":["a","b\"c"],"cwd":"/"}"""u8).Args!);
        Assert.Equal(-1, RuntimeSpecReader.ReadResources("""{"memory":{"swap":-1}}"""u8).Memory!.Swap);
    }

    [Fact]
    public void Unknown_members_are_passed_over_and_null_is_absent()
    {
        var spec = RuntimeSpecReader.Read("""{"x":{"ociVersion":[{}]},"ociVersion":"1.0","process":null,"y":[1,[2]],"linux":{"memory":1,"sysctl":null}}"""u8);
        Assert.Equal("1.0", spec.OciVersion);
        Assert.Null(spec.Process);
        Assert.Null(spec.Linux!.Sysctl);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"ociVersion":1}""")]
    [InlineData("""{"ociVersion":"1"} {}""")]
    [InlineData("""{"ociVersion":"1","root":{}}""")]
    [InlineData("""{"ociVersion":"1","mounts":{}}""")]
    [InlineData("""{"ociVersion":"1","linux":{"resources":{"pids":{"limit":"x"}}}}""")]
    [InlineData("""{"ociVersion":"1","linux":{"uidMappings":[{"size":4294967296}]}}""")]
    [InlineData("""{"ociVersion":"1","process":{"user":{},"cwd":"/","args":[1]}}""")]
    [InlineData("""{"ociVersion":"1",""")]
    public void What_is_no_specification_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => RuntimeSpecReader.Read(Encoding.UTF8.GetBytes(json)));

    private static object? Fill(Type type, ref int counter)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        counter++;
        if (type == typeof(string))
            return $"text {counter} ü\n";
        if (type == typeof(bool))
            return true;
        if (type.IsPrimitive)
            return Convert.ChangeType(counter, type);
        if (type.IsArray)
        {
            var array = Array.CreateInstance(type.GetElementType()!, 2);
            array.SetValue(Fill(type.GetElementType()!, ref counter), 0);
            array.SetValue(Fill(type.GetElementType()!, ref counter), 1);
            return array;
        }

        if (typeof(IDictionary).IsAssignableFrom(type))
        {
            var map = (IDictionary)Activator.CreateInstance(type)!;
            map.Add("key.a", Fill(type.GetGenericArguments()[1], ref counter));
            map.Add("key.b", Fill(type.GetGenericArguments()[1], ref counter));
            return map;
        }

        object value = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
            property.SetValue(value, Fill(property.PropertyType, ref counter));
        return value;
    }
}
