using System.Net;
using System.Text;
using Hafen.Daemon.Http;
using Hafen.Daemon.Http.Authorization;
using Hafen.Daemon.Http.Routing;
using Hafen.Engine;
using Hafen.Errors;

namespace Hafen.Daemon.Tests.Http;

/// <summary>Who may not have something gets nothing of it, and nothing is begun for it.</summary>
public sealed class AuthorizationTests
{
    [Theory]
    [InlineData("GET", "/open", HttpStatusCode.OK)]
    [InlineData("POST", "/v1.41/closed", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/v1.41/taken/over", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v9.9/closed", HttpStatusCode.BadRequest)]
    public async Task What_is_not_allowed_is_not_begun(string method, string path, HttpStatusCode status)
    {
        bool begun = false;
        var routes = new RouteTable()
            .Get("/open", request => request.WriteTextAsync("come in"))
            .Get("/closed", _ => Begin())
            .Post("/closed", _ => Begin())
            .Post("/taken/over", async request =>
            {
                begun = true;
                (await request.HijackAsync(multiplexed: true)).Dispose();
            });
        Task Begin()
        {
            begun = true;
            return Task.CompletedTask;
        }
        await using var server = await TestServer.StartAsync(routes, authorization: new OnlyOpen());
        using var client = server.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? new StringContent("{}", Encoding.UTF8, "application/json") : null };
        using var answer = await client.SendAsync(request);
        Assert.Equal(status, answer.StatusCode);
        Assert.False(begun);
        if (status == HttpStatusCode.Forbidden)
            Assert.Equal("{\"message\":\"authorization denied: only what is open\"}\n", await answer.Content.ReadAsStringAsync());
    }

    private sealed class OnlyOpen : IRequestAuthorization
    {
        public ValueTask RequireAsync(ApiRequest request) => request.Http.Request.Path == "/open"
            ? ValueTask.CompletedTask
            : throw new EngineException(ErrorKind.Forbidden, "authorization denied: only what is open");
    }
}
