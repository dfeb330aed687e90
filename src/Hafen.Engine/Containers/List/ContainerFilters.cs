using Hafen.Api;
using Hafen.Engine.Filters;
using Hafen.Engine.Health;
using Hafen.Engine.State;
using Hafen.Images;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Hafen.Engine.Containers.List;

/// <summary>The filters of a container list, checked once and then asked of each container.</summary>
internal sealed class ContainerFilters
{
    private readonly FilterSet _filters;
    private readonly HashSet<int> _exited = [];
    private readonly HashSet<string> _ports = new(StringComparer.Ordinal);
    private readonly List<Regex?> _names = [];
    private readonly HashSet<string>? _images;
    private readonly bool? _isTask;
    private readonly DateTimeOffset? _before;
    private readonly DateTimeOffset? _since;

    /// <exception cref="EngineException">A filter is unknown or its value makes no sense.</exception>
    public ContainerFilters(ContainerStore containers, IImageStore images, FilterSet filters)
    {
        _filters = filters;
        FilterRules.Require(
            filters, "ancestor", "before", "exited", "expose", "health", "id", "is-task", "isolation", "label", "name", "network", "publish", "since", "status",
            "volume");
        foreach (string value in filters["exited"])
        {
            _exited.Add(int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int code)
                ? code
                : throw EngineException.InvalidParameter($"invalid filter 'exited={value}': strconv.Atoi: parsing \"{value}\": invalid syntax"));
        }
        foreach (string value in filters["status"])
        {
            if (!Enum.GetValues<ContainerStatus>().Any(s => Transitions.Text(s) == value))
            {
                throw EngineException.InvalidParameter(
                    $"invalid filter 'status={value}': invalid value for state ({value}): must be one of \"created\", \"running\", \"paused\", \"restarting\", \"removing\", \"exited\", \"dead\"");
            }
        }
        foreach (string value in filters["health"])
        {
            if (value is not ("none" or "starting" or "healthy" or "unhealthy"))
            {
                throw EngineException.InvalidParameter(
                    $"invalid filter 'health={value}': invalid value for health ({value}): must be one of \"none\", \"starting\", \"healthy\", \"unhealthy\"");
            }
        }
        _isTask = FilterRules.Flag(filters, "is-task");
        foreach (string filter in (ReadOnlySpan<string>)["publish", "expose"])
        {
            foreach (string value in filters[filter])
                AddPorts(filter, value);
        }
        foreach (string value in filters["name"])
            _names.Add(FilterRules.Pattern(value));
        if (filters.Contains("ancestor"))
            _images = Images(images, filters["ancestor"]);
        foreach (string value in filters["before"])
            _before = containers.Get(value).Record.Created;
        foreach (string value in filters["since"])
            _since = containers.Get(value).Record.Created;
    }

    /// <summary>A filter on the state shows containers that do not run, too.</summary>
    public bool ImpliesAll => _filters["status"].Count > 0 || _filters["exited"].Count > 0;

    public bool Match(Container container)
    {
        var record = container.Record;
        var state = container.State;
        if (_before is { } before && record.Created >= before)
            return false;
        if (_since is { } since && record.Created <= since)
            return false;
        if (_filters["id"].Count > 0 && !_filters["id"].Any(id => record.Id.StartsWith(id, StringComparison.Ordinal)))
            return false;
        if (_names.Count > 0 && !MatchesName(record.Name))
            return false;
        if (!_filters.MatchesLabels("label", record.Config.Labels))
            return false;
        if (_exited.Count > 0 && (container.IsRunning || state.StartedAt is null || !_exited.Contains(state.ExitCode)))
            return false;
        if (!_filters.Matches("status", Transitions.Text(state.Status)))
            return false;
        // There are no swarm tasks here.
        if (_isTask == true)
            return false;
        if (!_filters.Matches("health", state.Health?.Status ?? HealthStatus.None))
            return false;
        if (_filters["isolation"].Count > 0 && !_filters["isolation"].Any(v => v is "" or "default"))
            return false;
        if (_images is not null && !_images.Contains(record.ImageId))
            return false;
        if (_filters["volume"].Count > 0 && !_filters["volume"].Any(v => record.Mounts.Any(m => m.Destination == v || (m.Name ?? m.Source) == v)))
            return false;
        if (_filters["network"].Count > 0 && !_filters["network"].Any(v => IsInNetwork(container, v)))
            return false;
        if (_ports.Count > 0 && !(record.Config.ExposedPorts?.Keys.Any(p => _ports.Contains(p.Contains('/') ? p : p + "/tcp")) ?? false))
            return false;
        return true;
    }

    private bool MatchesName(string name)
    {
        for (int i = 0; i < _names.Count; i++)
        {
            string text = _filters["name"][i];
            if (text == name || text == "/" + name)
                return true;
            if (_names[i] is { } pattern && (pattern.IsMatch(name) || pattern.IsMatch("/" + name)))
                return true;
        }
        return false;
    }

    private static bool IsInNetwork(Container container, string value)
        => container.Record.Networks.Any(n => n.Name == value)
            || (container.State.Endpoints ?? []).Any(e => e.NetworkId.StartsWith(value, StringComparison.Ordinal));

    /// <summary>The images named, and those built upon them: an image whose layers begin with all of theirs.</summary>
    private static HashSet<string> Images(IImageStore images, IReadOnlyList<string> names)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            Image? ancestor;
            try
            {
                ancestor = images.Find(name);
            }
            catch (ImageException)
            {
                continue;
            }
            if (ancestor is null)
                continue;
            ids.Add(ancestor.Id.ToString());
            string[] layers = ancestor.Config.Rootfs?.DiffIds ?? [];
            if (layers.Length == 0)
                continue;
            foreach (var image in images.List())
            {
                string[] own = image.Config.Rootfs?.DiffIds ?? [];
                if (own.Length > layers.Length && own.AsSpan(0, layers.Length).SequenceEqual(layers))
                    ids.Add(image.Id.ToString());
            }
        }
        return ids;
    }

    private void AddPorts(string filter, string value)
    {
        if (value.Contains(':'))
            throw EngineException.InvalidParameter($"filter for '{filter}' should not contain ':': {value}");
        int slash = value.IndexOf('/', StringComparison.Ordinal);
        string protocol = slash < 0 ? "tcp" : value[(slash + 1)..];
        string range = slash < 0 ? value : value[..slash];
        int dash = range.IndexOf('-', StringComparison.Ordinal);
        string first = dash < 0 ? range : range[..dash];
        string last = dash < 0 ? range : range[(dash + 1)..];
        if (!ushort.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out ushort from)
            || !ushort.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out ushort to) || to < from)
        {
            throw EngineException.InvalidParameter($"error while looking up for {filter} {value}: invalid port range");
        }
        // No port is published here, so a filter for published ones finds nothing.
        for (int port = from; port <= to; port++)
            _ports.Add(filter == "expose" ? $"{port}/{protocol}" : "");
    }
}
