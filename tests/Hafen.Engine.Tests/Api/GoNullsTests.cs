using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Exec;
using Hafen.Engine.Tests.Fakes;
using Hafen.Errors;
using Hafen.Logging;

namespace Hafen.Engine.Tests.Api;

/// <summary>Null is Go's zero value, everywhere in a body.</summary>
public sealed class GoNullsTests
{
    private static readonly Type[] s_requests =
    [
        typeof(ContainerCreateRequest), typeof(ContainerUpdateRequest), typeof(ExecCreateRequest), typeof(ExecStartRequest), typeof(VolumeCreateRequest),
        typeof(NetworkCreateRequest), typeof(NetworkConnectRequest), typeof(NetworkDisconnectRequest),
    ];

    /// <summary>Elements whose zero value Docker refuses as well.</summary>
    private static readonly string[] s_refused =
    [
        "Env[]", "Entrypoint[]", "HostConfig.Mounts[]", "HostConfig.Binds[]", "HostConfig.Links[]", "HostConfig.VolumesFrom[]", "HostConfig.ExtraHosts[]",
        "HostConfig.SecurityOpt[]", "HostConfig.CapAdd[]", "HostConfig.CapDrop[]", "HostConfig.StorageOpt{}", "NetworkingConfig.EndpointsConfig{}",
    ];

    public static TheoryData<Type> Requests => new(s_requests);

    [Theory]
    [MemberData(nameof(Requests))]
    public void Every_member_and_element_may_be_null(Type request)
    {
        string absent = JsonSerializer.Serialize(Read("{}", request), request, ApiJson.Default);
        var wrong = new List<string>();
        foreach (var (place, body, isMember) in NullBodies.Of(request))
        {
            try
            {
                object value = Read(body.ToJsonString(), request);
                wrong.AddRange(Missing(value, place));
                // A null member at the top is as good as none at all.
                if (isMember && !place.Contains('.') && JsonSerializer.Serialize(value, request, ApiJson.Default) != absent)
                    wrong.Add($"{place} is not as when it is absent");
            }
            catch (JsonException exception)
            {
                wrong.Add($"{place}: {exception.Message}");
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task A_container_is_created_whatever_member_is_null()
    {
        await using var test = new TestEngine();
        var wrong = new List<string>();
        foreach (var (place, body, isMember) in NullBodies.Of(typeof(ContainerCreateRequest)))
        {
            // Such a member makes the whole thing around it zero, which some of them may not be: a mount without a target.
            bool inElement = place.Contains("[]", StringComparison.Ordinal) || place.Contains("{}", StringComparison.Ordinal);
            if (place != "Image")
                body["Image"] = "busybox";
            try
            {
                var request = (ContainerCreateRequest)Read(body.ToJsonString(), typeof(ContainerCreateRequest));
                var host = (request.HostConfig ?? new HostConfig()) with { NetworkMode = "none" };
                if (!place.Contains("SecurityOpt", StringComparison.Ordinal))
                    host = host with { SecurityOpt = ["seccomp=unconfined"] };
                await test.Containers.Create.RunAsync(new CreateContainerRequest { Body = request with { HostConfig = host } }, CancellationToken.None);
            }
            catch (HafenException exception) when (exception is EngineException or LogException
                && (place == "Image" || (!isMember && s_refused.Contains(place)) || (inElement && exception.Kind != ErrorKind.System)))
            {
            }
            catch (Exception exception)
            {
                wrong.Add($"{place}: {exception.GetType().Name}: {exception.Message}");
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task A_container_is_updated_whatever_is_null()
    {
        await using var test = new TestEngine();
        string id = await test.CreateAsync();
        foreach (var (place, body, _) in NullBodies.Of(typeof(ContainerUpdateRequest)))
        {
            var request = (ContainerUpdateRequest)Read(body.ToJsonString(), typeof(ContainerUpdateRequest));
            var failure = await Record.ExceptionAsync(() => test.Containers.Update.RunAsync(id, request, CancellationToken.None));
            Assert.True(failure is null || (failure is EngineException { Kind: not ErrorKind.System } && place.Contains("[]")), $"{place}: {failure}");
        }
    }

    [Fact]
    public async Task An_exec_is_created_whatever_is_null()
    {
        await using var test = new TestEngine();
        string id = await test.RunAsync();
        foreach (var (place, body, isMember) in NullBodies.Of(typeof(ExecCreateRequest)))
        {
            if (body["Cmd"] is not JsonArray)
                body["Cmd"] = "true";
            var request = (ExecCreateRequest)Read(body.ToJsonString(), typeof(ExecCreateRequest));
            var failure = Record.Exception(() => test.CreateExec(id, request));
            Assert.True(failure is null || (!isMember && failure is EngineException { Kind: ErrorKind.InvalidParameter }), $"{place}: {failure}");
        }
    }

    [Fact]
    public async Task A_volume_is_created_whatever_is_null()
    {
        await using var test = new TestEngine();
        var volumes = test.ComposeVolumes();
        foreach (var (place, body, _) in NullBodies.Of(typeof(VolumeCreateRequest)))
        {
            var request = (VolumeCreateRequest)Read(body.ToJsonString(), typeof(VolumeCreateRequest));
            Assert.True(await Record.ExceptionAsync(() => volumes.Create.RunAsync(request, default)) is null, place);
        }
    }

    [Theory]
    [InlineData("""{"Env":[null,"A=1"],"Tty":true}""", """{"Env":["","A=1"],"Tty":true}""")]
    [InlineData("""{ "Tty":true, "Tty":null }""", """{"Tty":true}""")]
    [InlineData("""{"HostConfig":{"Tmpfs":{"/x":null},"Memory":null}}""", """{"HostConfig":{"Tmpfs":{"/x":""}}}""")]
    [InlineData("""{"volumes":{"/x":null},"EXPOSEDPORTS":{"80/tcp":null}}""", """{"volumes":{"/x":{}},"EXPOSEDPORTS":{"80/tcp":{}}}""")]
    [InlineData("""{"HostConfig":{"PortBindings":{"80/tcp":null},"ConsoleSize":[null,2]}}""", """{"HostConfig":{"PortBindings":{"80/tcp":null},"ConsoleSize":[0,2]}}""")]
    [InlineData("""{"unknown":[null,{"a":null}],"Image":"null"}""", """{"unknown":[null,{}],"Image":"null"}""")]
    [InlineData("""{"Labels":{"n\u00fcll":null}}""", """{"Labels":{"n\u00fcll":""}}""")]
    [InlineData("""{"Tty":null} trailing""", """{} trailing""")]
    [InlineData("""{"Tty":null""", """{"Tty":null""")]
    [InlineData("null", "null")]
    [InlineData(" null ", " null ")]
    public void Nulls_are_resolved(string body, string expected)
        => Assert.Equal(expected, Encoding.UTF8.GetString(GoNulls.Resolve(Encoding.UTF8.GetBytes(body), ApiJson.Default.ContainerCreateRequest).Span));

    [Theory]
    [MemberData(nameof(Requests))]
    public void Names_are_read_in_any_case(Type request)
    {
        foreach (var property in request.GetProperties().Where(property => property.CanWrite && property.PropertyType == typeof(string)))
        {
            string upper = property.Name.ToUpperInvariant();
            object value = Read($$"""{"{{upper}}":"x"}""", request);
            Assert.Equal("x", property.GetValue(value));
        }
    }

    private static object Read(string json, Type request)
        => JsonSerializer.Deserialize(GoNulls.Resolve(Encoding.UTF8.GetBytes(json), ApiJson.Default.GetTypeInfo(request)!).Span, request, ApiJson.Default)!;

    /// <summary>Nulls where the type promises that there is none.</summary>
    private static IEnumerable<string> Missing(object value, string place)
    {
        var nullability = new NullabilityInfoContext();
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || property.GetValue(value) is not { } held)
                continue;
            var info = nullability.Create(property);
            if (held is System.Collections.IDictionary map)
            {
                foreach (object? element in map.Values)
                {
                    if (element is null && info.GenericTypeArguments[1].ReadState == NullabilityState.NotNull)
                    {
                        yield return $"{place}: {property.Name} holds a null";
                    }
                    else if (element is not null and not string)
                    {
                        foreach (string inner in Missing(element, place))
                            yield return inner;
                    }
                }
            }
            else if (held is Array list)
            {
                foreach (object? element in list)
                {
                    if (element is null && info.ElementType!.ReadState == NullabilityState.NotNull)
                    {
                        yield return $"{place}: {property.Name} holds a null";
                    }
                    else if (element is not null and not (string or Array) && !element.GetType().IsPrimitive)
                    {
                        foreach (string inner in Missing(element, place))
                            yield return inner;
                    }
                    else if (element is Array deeper && deeper.Cast<object?>().Contains(null))
                    {
                        yield return $"{place}: {property.Name} holds a null";
                    }
                }
            }
            else if (held.GetType() is { IsClass: true, Namespace: "Hafen.Api" })
            {
                foreach (string inner in Missing(held, place))
                    yield return inner;
            }
        }
    }
}
