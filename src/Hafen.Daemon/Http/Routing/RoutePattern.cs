namespace Hafen.Daemon.Http.Routing;

/// <summary>
/// A path with places: <c>/containers/{id}/json</c>; a place <c>{name:.*}</c> also takes slashes, as image names have them, and is empty behind a slash at the end.
/// </summary>
public sealed class RoutePattern
{
    private const string Greedy = ":.*}";

    private readonly string[] _segments;
    private readonly int _greedyAt;

    public RoutePattern(string text)
    {
        Text = text;
        _segments = text.Split('/')[1..];
        _greedyAt = Array.FindIndex(_segments, segment => segment.EndsWith(Greedy, StringComparison.Ordinal));
    }

    public string Text { get; }

    /// <summary>Number of literal segments: of two patterns that match, the one with more is meant.</summary>
    public int Literals => _segments.Count(segment => !segment.StartsWith('{'));

    /// <summary>Matches the decoded segments of a path; null when they differ.</summary>
    public Dictionary<string, string>? Match(ReadOnlySpan<string> path)
    {
        bool greedy = _greedyAt >= 0;
        if (greedy ? path.Length < _segments.Length : path.Length != _segments.Length)
            return null;
        int taken = path.Length - _segments.Length + 1;
        Dictionary<string, string> values = [];
        int at = 0;
        for (int i = 0; i < _segments.Length; i++)
        {
            string segment = _segments[i];
            if (i == _greedyAt)
            {
                values[segment[1..^Greedy.Length]] = string.Join('/', path.Slice(at, taken).ToArray());
                at += taken;
            }
            else if (segment.StartsWith('{'))
            {
                if (path[at].Length == 0)
                    return null;
                values[segment[1..^1]] = path[at++];
            }
            else if (segment != path[at++])
            {
                return null;
            }
        }
        return values;
    }
}
