using System.Globalization;
using Hafen.Api;
using Hafen.Engine.Containers.List;
using Hafen.Engine.State;
using Hafen.Images;
using Hafen.Oci;

namespace Hafen.Engine.Containers;

/// <summary>Which containers a client wants listed.</summary>
public sealed record ListContainersRequest
{
    /// <summary>Those that do not run, too.</summary>
    public bool All { get; init; }

    /// <summary>The newest so many, running or not; 0 for no limit.</summary>
    public int Limit { get; init; }

    /// <summary>With the sizes of their files, which takes time.</summary>
    public bool Size { get; init; }

    public FilterSet Filters { get; init; } = FilterSet.Empty;
}

/// <summary>Lists containers, the newest first.</summary>
public sealed class ListContainers
{
    private readonly ContainerStore _containers;
    private readonly ContainerSizes _sizes;
    private readonly IImageStore _images;

    internal ListContainers(ContainerStore containers, ContainerSizes sizes, IImageStore images)
    {
        _containers = containers;
        _sizes = sizes;
        _images = images;
    }

    /// <exception cref="EngineException">A filter is unknown or malformed.</exception>
    public ContainerSummary[] Run(ListContainersRequest request)
    {
        var filters = new ContainerFilters(_containers, _images, request.Filters);
        bool all = request.All || request.Limit > 0 || filters.ImpliesAll;
        var now = DateTimeOffset.UtcNow;
        var found = new List<ContainerSummary>();
        // Many containers are made from few images.
        var images = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var container in _containers.All.OrderByDescending(c => c.Record.Created))
        {
            if (!all && !container.IsRunning)
                continue;
            if (!filters.Match(container))
                continue;
            if (request.Limit > 0 && found.Count == request.Limit)
                break;
            found.Add(Summarize(container, request.Size, now, images));
        }
        return [.. found];
    }

    private ContainerSummary Summarize(Container container, bool size, DateTimeOffset now, Dictionary<string, string?> images)
    {
        var record = container.Record;
        var state = container.State;
        var (writable, total) = size ? _sizes.Measure(container) : (0, 0);
        return new ContainerSummary
        {
            Id = record.Id,
            Names = ["/" + record.Name],
            Image = ShownImage(record, images),
            ImageID = record.ImageId,
            Command = Command(record),
            Created = record.Created.ToUnixTimeSeconds(),
            Ports = Ports(record),
            SizeRw = writable,
            SizeRootFs = total,
            Labels = record.Config.Labels ?? [],
            State = Transitions.Text(state.Status),
            Status = StatusText.Of(state, now),
            HostConfig = new ContainerSummaryHostConfig { NetworkMode = record.HostConfig.NetworkMode, Annotations = record.HostConfig.Annotations },
            NetworkSettings = new ContainerSummaryNetworks { Networks = ContainerNetworks.Endpoints(container) },
            Mounts = ContainerMounts.Points(record),
        };
    }

    /// <summary>The name the container was made with, or the ID when that name means another image by now.</summary>
    private string ShownImage(ContainerRecord record, Dictionary<string, string?> images)
    {
        string name = record.Config.Image ?? "";
        if (!images.TryGetValue(name, out string? id))
            images[name] = id = IdOf(name);
        return id == record.ImageId ? name : record.ImageId;
    }

    private string? IdOf(string name)
    {
        try
        {
            return _images.Find(name)?.Id.ToString();
        }
        catch (ImageException)
        {
            return null;
        }
    }

    /// <summary>Program and arguments in one text, quoted where a shell would need it.</summary>
    private static string Command(ContainerRecord record)
    {
        string[] line = Spec.BuildRuntimeSpec.CommandLine(record.Config);
        if (line.Length == 0)
            return "";
        return line.Length == 1 ? line[0] : $"{line[0]} {string.Join(' ', line.Skip(1).Select(Quote))}";
    }

    private static string Quote(string argument)
        => argument.AsSpan().ContainsAny(" \t\n\"'") ? $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'" : argument;

    private static PortSummary[] Ports(ContainerRecord record)
    {
        var ports = new List<PortSummary>();
        foreach (string text in record.Config.ExposedPorts?.Keys ?? Enumerable.Empty<string>())
        {
            int slash = text.IndexOf('/', StringComparison.Ordinal);
            string number = slash < 0 ? text : text[..slash];
            if (ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
                ports.Add(new PortSummary { PrivatePort = port, Type = slash < 0 ? "tcp" : text[(slash + 1)..] });
        }
        return [.. ports];
    }
}
