using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hafen.Api;
using Hafen.Client.Containers;
using Hafen.Client.Errors;

namespace Hafen.Client.Tests.Containers;

public sealed class ContainerCreateBodyTests
{
    /// <summary>What the daemon tells about an endpoint, not what a client asks for.</summary>
    private static readonly HashSet<string> s_answers =
        ["NetworkID", "EndpointID", "Gateway", "IPAddress", "IPPrefixLen", "IPv6Gateway", "GlobalIPv6Address", "GlobalIPv6PrefixLen", "DNSNames"];

    [Fact]
    public void Every_member_of_a_full_request_is_written_as_the_serializer_writes_it()
    {
        var request = (ContainerCreateRequest)Fill(typeof(ContainerCreateRequest))!;
        var wanted = JsonNode.Parse(JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.ContainerCreateRequest))!;
        Prune(wanted);
        var written = JsonNode.Parse(ContainerCreateBody.Write(request))!;
        Assert.True(JsonNode.DeepEquals(wanted, written), $"{wanted}\n---\n{written}");
    }

    [Fact]
    public void An_empty_request_is_an_empty_object_but_empty_lists_that_mean_something_stay()
    {
        Assert.Equal("{}", Encoding.UTF8.GetString(ContainerCreateBody.Write(new ContainerCreateRequest())));
        Assert.Equal(
            "{\"HostConfig\":{\"OomKillDisable\":false,\"PidsLimit\":0,\"MaskedPaths\":[],\"Init\":false}}",
            Encoding.UTF8.GetString(ContainerCreateBody.Write(new ContainerCreateRequest
            {
                HostConfig = new HostConfig { MaskedPaths = [], Init = false, PidsLimit = 0, OomKillDisable = false },
            })));
    }

    [Fact]
    public void Texts_are_escaped()
    {
        const string text = "a\"b\\c\n\t\u0001ä😀</x>";
        using var document = JsonDocument.Parse(ContainerCreateBody.Write(new ContainerCreateRequest { Env = [text], Labels = new() { [text] = text } }));
        Assert.Equal(text, document.RootElement.GetProperty("Env")[0].GetString());
        Assert.Equal(text, document.RootElement.GetProperty("Labels").GetProperty(text).GetString());
    }

    [Fact]
    public void The_answers_are_read()
    {
        var created = ContainerAnswers.ReadCreated("{\"Id\":\"abc\",\"Other\":{\"Id\":\"no\"},\"Warnings\":[\"a\",\"b\"]}"u8);
        Assert.Equal(("abc", "a,b"), (created.Id, string.Join(',', created.Warnings)));
        Assert.Empty(ContainerAnswers.ReadCreated("{\"Warnings\":null,\"Id\":\"x\"}"u8).Warnings);
        Assert.Equal(7, ContainerAnswers.ReadWait("{\"StatusCode\":7}\n"u8).StatusCode);
        Assert.Equal("broke", ContainerAnswers.ReadWait("{\"Error\":{\"Message\":\"broke\"},\"StatusCode\":-1}"u8).Error!.Message);
        Assert.Null(ContainerAnswers.ReadWait("{\"Error\":null,\"StatusCode\":0}"u8).Error);
        Assert.Throws<ProtocolException>(() => ContainerAnswers.ReadWait(""u8));
        Assert.Throws<ProtocolException>(() => ContainerAnswers.ReadWait("{}"u8));
        Assert.Throws<ProtocolException>(() => ContainerAnswers.ReadCreated("{\"Id\":"u8));
    }

    /// <summary>A value of a type in which everything says something.</summary>
    private static object? Fill(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return "text";
        if (type == typeof(bool))
            return true;
        if (type.IsPrimitive)
            return Convert.ChangeType(7, type);
        if (type.IsArray)
        {
            var array = Array.CreateInstance(type.GetElementType()!, 1);
            array.SetValue(Fill(type.GetElementType()!), 0);
            return array;
        }

        object made = Activator.CreateInstance(type)!;
        if (made is IDictionary map)
        {
            map["key"] = Fill(type.GetGenericArguments()[1]);
            return map;
        }

        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.CanWrite && !(type == typeof(EndpointSettings) && s_answers.Contains(property.Name)))
                property.SetValue(made, Fill(property.PropertyType));
        }
        return made;
    }

    /// <summary>Takes out what says nothing.</summary>
    private static void Prune(JsonNode node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
            {
                if (item is not null)
                    Prune(item);
            }
            return;
        }

        if (node is not JsonObject map)
            return;
        foreach (var (name, value) in map.ToList())
        {
            if (value is null || value.ToJsonString() is "0" or "\"\"" or "false")
                map.Remove(name);
            else
                Prune(value);
        }
    }
}
