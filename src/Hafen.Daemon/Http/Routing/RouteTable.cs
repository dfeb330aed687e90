namespace Hafen.Daemon.Http.Routing;

/// <summary>Answers one kind of request. Failures are thrown; <see cref="ErrorAnswer"/> maps them.</summary>
public delegate Task RouteHandler(ApiRequest request);

/// <param name="Handler">What answers.</param>
/// <param name="Values">The places of the pattern.</param>
public sealed record RouteMatch(RouteHandler Handler, IReadOnlyDictionary<string, string> Values);

/// <summary>
/// Method and path to handler. Of several patterns that match a path the one with the most literal segments wins, then the one added first.
/// </summary>
public sealed class RouteTable
{
    private readonly Dictionary<string, List<Route>> _byFirstSegment = new(StringComparer.Ordinal);

    public RouteTable Get(string pattern, RouteHandler handler) => Add("GET", pattern, handler);
    public RouteTable Head(string pattern, RouteHandler handler) => Add("HEAD", pattern, handler);
    public RouteTable Post(string pattern, RouteHandler handler) => Add("POST", pattern, handler);
    public RouteTable Put(string pattern, RouteHandler handler) => Add("PUT", pattern, handler);
    public RouteTable Delete(string pattern, RouteHandler handler) => Add("DELETE", pattern, handler);

    public RouteTable Add(string method, string pattern, RouteHandler handler)
    {
        var route = new Route(method, new RoutePattern(pattern), handler);
        string first = pattern.Split('/')[1];
        if (!_byFirstSegment.TryGetValue(first, out var routes))
            _byFirstSegment[first] = routes = [];
        int at = routes.FindIndex(other => other.Pattern.Literals < route.Pattern.Literals);
        routes.Insert(at < 0 ? routes.Count : at, route);
        return this;
    }

    /// <summary>Finds the handler of a path without version prefix; null when there is none. A wrong method is an unknown page, as with Docker.</summary>
    /// <param name="path">Percent-decoded segments.</param>
    public RouteMatch? Find(string method, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty || !_byFirstSegment.TryGetValue(path[0], out var routes))
            return null;
        foreach (var route in routes)
        {
            if (route.Method == method && route.Pattern.Match(path) is { } values)
                return new RouteMatch(route.Handler, values);
        }
        return null;
    }

    private sealed record Route(string Method, RoutePattern Pattern, RouteHandler Handler);
}
