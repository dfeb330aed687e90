using System.Text.Json;
using Hafen.Api;

namespace Hafen.Engine.Tests.Api;

public sealed class ApiJsonTests
{
    [Fact]
    public void A_create_request_is_read_as_go_reads_it()
    {
        const string json = """
            {"image":"busybox","Cmd":"ls","Entrypoint":["/bin/sh","-c"],"Env":null,"unknown":1,
             "HostConfig":{"memory":7340032,"CapAdd":"NET_ADMIN","RestartPolicy":{"Name":"on-failure","MaximumRetryCount":2},"Ulimits":[{"Name":"nofile","Hard":2,"Soft":1}]},
             "NetworkingConfig":{"EndpointsConfig":{"bridge":null}}}
            """;
        var request = JsonSerializer.Deserialize(json, ApiJson.Default.ContainerCreateRequest)!;
        Assert.Equal("busybox", request.Image);
        Assert.Equal(["ls"], request.Cmd!);
        Assert.Equal(["/bin/sh", "-c"], request.Entrypoint!);
        Assert.Null(request.Env);
        Assert.Equal(7340032, request.HostConfig!.Memory);
        Assert.Equal(["NET_ADMIN"], request.HostConfig.CapAdd!);
        Assert.Equal(2, request.HostConfig.RestartPolicy!.MaximumRetryCount);
        Assert.Equal(2, request.HostConfig.Ulimits![0].Hard);
        Assert.True(request.NetworkingConfig!.EndpointsConfig!.ContainsKey("bridge"));
    }

    [Fact]
    public void Nulls_empties_and_absences_are_dockers()
    {
        string config = JsonSerializer.Serialize(new ContainerConfig { Labels = [] }, ApiJson.Default.ContainerConfig);
        Assert.Contains("\"Hostname\":\"\"", config);
        Assert.Contains("\"Env\":null", config);
        Assert.Contains("\"Labels\":{}", config);
        Assert.Contains("\"Volumes\":null", config);
        Assert.DoesNotContain("ExposedPorts", config);
        Assert.DoesNotContain("StopSignal", config);

        string host = JsonSerializer.Serialize(new HostConfig { Binds = [] }, ApiJson.Default.HostConfig);
        Assert.Contains("\"Binds\":[]", host);
        Assert.Contains("\"CapAdd\":null", host);
        Assert.Contains("\"PidsLimit\":null", host);
        Assert.Contains("\"Memory\":0", host);
        Assert.DoesNotContain("\"Mounts\"", host);
        Assert.DoesNotContain("\"Init\"", host);
    }

    [Fact]
    public void A_wait_answer_without_error_has_none()
        => Assert.Equal("{\"StatusCode\":3}", JsonSerializer.Serialize(new WaitResponse { StatusCode = 3 }, ApiJson.Default.WaitResponse));

    [Theory]
    [InlineData("""{"label":{"a=b":false},"status":{"exited":true}}""", "a=b")]
    [InlineData("""{"label":["a=b"],"status":["exited"]}""", "a=b")]
    public void Both_forms_of_filters_are_read(string text, string label)
    {
        var filters = FilterSet.Parse(text);
        Assert.Equal([label], filters["label"]);
        Assert.Equal(["exited"], filters["status"]);
        Assert.Equal(filters["label"], FilterSet.Parse(filters.ToString())["label"]);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"a\":1}")]
    [InlineData("{")]
    public void Malformed_filters_are_refused(string text) => Assert.Throws<FormatException>(() => FilterSet.Parse(text));

    [Fact]
    public void A_filter_more_is_another_set_and_the_shared_empty_one_stays_empty()
    {
        Assert.Equal(["x"], FilterSet.Parse(null).With("since", "x")["since"]);
        Assert.True(FilterSet.Empty.IsEmpty);
        var one = FilterSet.Parse("""{"label":["a"]}""");
        Assert.Equal(["a", "b"], one.With("label", "b")["label"]);
        Assert.Equal(["a"], one["label"]);
    }

    [Fact]
    public void Times_are_written_as_go_writes_them()
    {
        Assert.Equal("0001-01-01T00:00:00Z", GoTime.Format(null));
        Assert.Equal("2026-01-02T03:04:05Z", GoTime.Format(new DateTimeOffset(2026, 1, 2, 5, 4, 5, TimeSpan.FromHours(2))));
        Assert.Equal("2026-01-02T03:04:05.12Z", GoTime.Format(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 120, TimeSpan.Zero)));
    }
}
