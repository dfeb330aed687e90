using Hafen.Daemon.Http.Routing;
using Hafen.Api;
using Hafen.Engine;
using Hafen.Errors;

namespace Hafen.Daemon.Tests.Http.Routing;

public sealed class RouteTableTests
{
    private static readonly string[] s_patterns =
    [
        "/_ping", "/images/json", "/images/get", "/images/{name:.*}/get", "/images/{name:.*}/json", "/images/{name:.*}/history",
        "/containers/json", "/containers/{id}/json", "/containers/{id}/logs", "/volumes/{name:.*}", "/images/{name:.*}", "/networks", "/networks/",
        "/networks/{id:.*}",
    ];

    [Theory]
    [InlineData("/_ping", "/_ping", "")]
    [InlineData("/images/json", "/images/json", "")]
    [InlineData("/images/get", "/images/get", "")]
    [InlineData("/images/busybox/json", "/images/{name:.*}/json", "name=busybox")]
    [InlineData("/images/registry:5000/a/b:tag/json", "/images/{name:.*}/json", "name=registry:5000/a/b:tag")]
    [InlineData("/images/a/json/json", "/images/{name:.*}/json", "name=a/json")]
    [InlineData("/images/json/json", "/images/{name:.*}/json", "name=json")]
    [InlineData("/images/a/get", "/images/{name:.*}/get", "name=a")]
    [InlineData("/images/library/busybox", "/images/{name:.*}", "name=library/busybox")]
    [InlineData("/containers/abc/json", "/containers/{id}/json", "id=abc")]
    [InlineData("/volumes/a/b", "/volumes/{name:.*}", "name=a/b")]
    [InlineData("/volumes/", "/volumes/{name:.*}", "name=")]
    [InlineData("/networks", "/networks", "")]
    [InlineData("/networks/", "/networks/", "")]
    [InlineData("/networks/a", "/networks/{id:.*}", "id=a")]
    public void A_path_finds_the_most_literal_pattern(string path, string pattern, string values)
    {
        string? called = null;
        var table = new RouteTable();
        foreach (string each in s_patterns)
        {
            table.Get(each, _ =>
            {
                called = each;
                return Task.CompletedTask;
            });
        }

        var match = table.Find("GET", RequestPath.Parse(path).Segments);

        Assert.NotNull(match);
        match.Handler(null!);
        Assert.Equal(pattern, called);
        Assert.Equal(values, string.Join(',', match.Values.Select(value => $"{value.Key}={value.Value}")));
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/containers")]
    [InlineData("GET", "/containers//json")]
    [InlineData("GET", "/containers/a/b/json")]
    [InlineData("GET", "/_ping/")]
    [InlineData("GET", "/containers/json/")]
    [InlineData("GET", "/containers/a/json/")]
    [InlineData("POST", "/containers/json")]
    [InlineData("GET", "/IMAGES/json")]
    public void Other_paths_and_methods_find_nothing(string method, string path)
    {
        var table = new RouteTable();
        foreach (string each in s_patterns)
            table.Get(each, _ => Task.CompletedTask);

        Assert.Null(table.Find(method, RequestPath.Parse(path).Segments));
    }

    [Theory]
    [InlineData("/v1.43/containers/json", "1.43", "containers|json")]
    [InlineData("/containers/json", null, "containers|json")]
    [InlineData("/v1.24/_ping", "1.24", "_ping")]
    [InlineData("/version", null, "version")]
    [InlineData("/v2/x", "2.0", "x")]
    [InlineData("/vx/x", null, "vx|x")]
    [InlineData("/v1.43", null, "v1.43")]
    [InlineData("/images/a%2Fb/json", null, "images|a|b|json")]
    public void A_path_may_begin_with_a_version(string path, string? version, string segments)
    {
        var parsed = RequestPath.Parse(path);

        Assert.Equal(version ?? ApiVersion.Newest.ToString(), parsed.Version.ToString());
        Assert.Equal(segments, string.Join('|', parsed.Segments));
    }

    [Theory]
    [InlineData("/containers//web/json", "/containers/web/json")]
    [InlineData("//info", "/info")]
    [InlineData("/networks///?a=//b", "/networks/?a=//b")]
    [InlineData("/networks/?a=//b", null)]
    [InlineData("http://host/info", null)]
    [InlineData("/images/a%2F%2Fb/json", null)]
    public void Slashes_in_a_row_are_one(string target, string? expected) => Assert.Equal(expected, RequestPath.Clean(target));
}
