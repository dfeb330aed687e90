using System.Net;
using System.Text;
using Hafen.Api;
using Hafen.Daemon.Http;
using Hafen.Daemon.Http.Routing;

namespace Hafen.Daemon.Tests.Http;

/// <summary>What handlers get out of a request, and what clients get for a bad one.</summary>
public sealed class ApiRequestTests
{
    private static RouteTable Routes => new RouteTable()
        .Post("/volumes/create", async request =>
        {
            var body = await request.ReadJsonAsync(ApiJson.Default.VolumeCreateRequest);
            await request.WriteTextAsync(body?.Name ?? "nothing");
        })
        .Get("/flags", request => request.WriteTextAsync($"{request.QueryFlag("a")} {request.QueryInt("n")} {request.QueryFilters()}"))
        .Get("/html", request => request.WriteJsonAsync(new ErrorResponse { Message = "a<b> & c's é" }, ApiJson.Default.ErrorResponse))
        .Get("/boom", _ => throw new InvalidOperationException("boom"))
        .Get("/late", async request =>
        {
            await request.StartStreamAsync("text/plain");
            throw new InvalidOperationException("too late");
        });

    [Theory]
    [InlineData("""{"Name":"v"}""", "application/json", HttpStatusCode.OK, "v")]
    [InlineData("""{"name":"v"}  """, "application/json; charset=utf-8", HttpStatusCode.OK, "v")]
    [InlineData("", null, HttpStatusCode.OK, "nothing")]
    [InlineData("null", "application/json", HttpStatusCode.OK, "nothing")]
    [InlineData("""{"Name":null,"Labels":{"a":null},"DriverOpts":null}""", "application/json", HttpStatusCode.OK, "nothing")]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest, "invalid JSON: syntax error in line 1, byte 1")]
    [InlineData("  ", "application/json", HttpStatusCode.BadRequest, "invalid JSON: got EOF while reading request body")]
    [InlineData("""{"Name":"v"} {}""", "application/json", HttpStatusCode.BadRequest, "unexpected content after JSON")]
    [InlineData("""{"Name":{}}""", "application/json", HttpStatusCode.BadRequest, "invalid JSON: Name has another type than expected")]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest, "invalid JSON: the value has another type than expected")]
    [InlineData("{}", "text/plain", HttpStatusCode.BadRequest, "unsupported Content-Type header (text/plain): must be 'application/json'")]
    [InlineData("{}", null, HttpStatusCode.BadRequest, "malformed Content-Type header (): mime: no media type")]
    public async Task Bodies(string body, string? type, HttpStatusCode status, string message)
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var client = server.Client();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await client.PostAsync(new Uri("/volumes/create", UriKind.Relative), content);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? message : $"{{\"message\":\"{message}\"}}\n", text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_without_end_is_refused_before_it_is_kept(bool chunked)
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var client = server.Client();
        using var content = new ByteArrayContent(new byte[ApiRequest.MaxJsonBody + 1]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/volumes/create") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("larger than", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a=1&n=5", "True 5 ")]
    [InlineData("a=false", "False  ")]
    [InlineData("a=None", "False  ")]
    [InlineData("a=", "False  ")]
    [InlineData("a=yes", "True  ")]
    [InlineData("filters=%7B%22label%22%3A%5B%22x%22%5D%7D", "False  {\"label\":{\"x\":true}}")]
    public async Task Queries(string query, string expected)
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var client = server.Client();
        Assert.Equal(expected, await client.GetStringAsync(new Uri("/flags?" + query, UriKind.Relative)));
    }

    [Theory]
    [InlineData("n=x")]
    [InlineData("filters=x")]
    public async Task Malformed_queries_are_the_clients_fault(string query)
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var client = server.Client();
        using var answer = await client.GetAsync(new Uri("/flags?" + query, UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Json_is_not_escaped_for_html()
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var client = server.Client();
        Assert.Equal("{\"message\":\"a<b> & c's é\"}\n", await client.GetStringAsync(new Uri("/html", UriKind.Relative)));
    }

    [Fact]
    public async Task An_unexpected_failure_is_an_answer_and_the_server_goes_on()
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var client = server.Client();
        using var answer = await client.GetAsync(new Uri("/boom", UriKind.Relative));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("{\"message\":\"boom\"}\n", await answer.Content.ReadAsStringAsync());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync(new Uri("/late", UriKind.Relative)));
        Assert.Equal("False  ", await client.GetStringAsync(new Uri("/flags", UriKind.Relative)));
    }
}
