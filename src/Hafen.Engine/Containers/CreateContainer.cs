using System.Diagnostics;
using Hafen.Api;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.Events;
using Hafen.Engine.Images;
using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Images;
using Hafen.Networking;
using Hafen.Snapshots;
using Hafen.Volumes;
using Microsoft.Extensions.Logging;
using ImageRecord = Hafen.Images.Image;

namespace Hafen.Engine.Containers;

/// <summary>What a client asks for when it makes a container.</summary>
public sealed record CreateContainerRequest
{
    /// <summary>Wanted name; null or empty for a random one.</summary>
    public string? Name { get; init; }

    public required ContainerCreateRequest Body { get; init; }

    /// <summary><c>os/arch[/variant]</c>, or null for any.</summary>
    public string? Platform { get; init; }

    /// <summary>What the client is told of its request already.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>A bind that is read-only is so with the mounts below it; older clients mean the bind alone.</summary>
    public bool ReadOnlyBindsAreRecursive { get; init; } = true;

    /// <summary>Older clients give a container its hardware address; today it is given to an endpoint, and who does otherwise is told.</summary>
    public bool MacAddressIsTheContainers { get; init; }
}

/// <summary>Makes a container from an image: checks, merges, prepares the snapshot and the volumes, writes it down. Nothing runs yet.</summary>
public sealed class CreateContainer
{
    private readonly ContainerStore _containers;
    private readonly ContainerUses _uses;
    private readonly IImageStore _images;
    private readonly ISnapshotter _snapshots;
    private readonly INetworks _networks;
    private readonly IVolumes _volumes;
    private readonly LaunchEarly _launch;
    private readonly ContainerEvents _events;
    private readonly EventStream _stream;
    private readonly HostFacts _host;
    private readonly CurrentOptions _options;
    private readonly ILogger _log;

    internal CreateContainer(
        ContainerStore containers,
        ContainerUses uses,
        IImageStore images,
        ISnapshotter snapshots,
        INetworks networks,
        IVolumes volumes,
        LaunchEarly launch,
        ContainerEvents events,
        EventStream stream,
        HostFacts host,
        CurrentOptions options,
        ILogger log)
    {
        _containers = containers;
        _uses = uses;
        _images = images;
        _snapshots = snapshots;
        _networks = networks;
        _volumes = volumes;
        _launch = launch;
        _events = events;
        _stream = stream;
        _host = host;
        _options = options;
        _log = log;
    }

    /// <exception cref="EngineException">The request makes no sense, cannot be done here, or there is no such image; then nothing is left of it.</exception>
    public async Task<ContainerCreateResponse> RunAsync(CreateContainerRequest request, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        var warnings = new List<string>(request.Warnings);
        var options = _options.Value;

        // 1. Check everything that can be checked without an image.
        ValidateConfig.RequireAny(request.Body);
        var body = AdaptRequest.Normalize(request.Body);
        NullBytes.Refuse(body);
        ValidateConfig.Check(body);
        (body, var network) = AdaptNetwork.To(body, _networks, request.MacAddressIsTheContainers, warnings);
        ValidateEndpoints.Check(body.HostConfig!.NetworkMode!, body.NetworkingConfig, _networks);
        var host = ValidateHostConfig.Check(body.HostConfig!, body, network, options, _host, warnings);

        // 2. The image.
        var image = await FindImageAsync(body.Image, cancellationToken);
        CheckPlatform(image, body.Image, request.Platform, warnings);
        double imageTime = Stopwatch.GetElapsedTime(began).TotalMilliseconds;

        // 3. Merge and fill in what nobody said.
        var config = MergeImageConfig.Merge(body, image?.Config.Config);
        NullBytes.Refuse(config);
        ValidateHostConfig.CheckPublishAll(host, config, network);
        host = AdaptRequest.Defaults(host, options, _host, _containers);
        LogSettings.CheckContainer(config, host);
        var mounts = new ResolveMounts(_containers, _uses, _volumes, _stream, _host, options.Root);
        mounts.Decide(host, config, readOnlyNonRecursive: !request.ReadOnlyBindsAreRecursive);

        var undo = new UndoStack((step, e) => EngineLog.StepFailed(_log, "(new)", step, e.Message));
        try
        {
            // 4. ID and name.
            string id = ContainerId.New();
            string name = ReserveName(request.Name, id);
            undo.Push("release the name", () => _containers.ReleaseName(name, id));
            config = config with { Hostname = Hostname(config, host, network, id), WorkingDir = Clean(config.WorkingDir) };

            // 5. The writable layer.
            long snapshotBegan = Stopwatch.GetTimestamp();
            PrepareSnapshot(id, image, body.Image, keep: !host.AutoRemove);
            undo.Push("remove the snapshot", () => _snapshots.Remove(id));
            double snapshotTime = Stopwatch.GetElapsedTime(snapshotBegan).TotalMilliseconds;

            // 6. Volumes.
            undo.Push("remove new volumes", _ => mounts.UndoAsync());
            var resolved = await mounts.MakeVolumesAsync(host, id, cancellationToken);
            await mounts.PopulateAsync(resolved, () => SnapshotFolders.Of(_snapshots.Describe(id)), cancellationToken);

            // 7. Write it down.
            var container = new Container(
                new ContainerRecord
                {
                    Id = id,
                    Name = name,
                    Created = DateTimeOffset.UtcNow,
                    ImageId = image?.Id.ToString() ?? "",
                    TopLayer = image?.TopLayer?.ToString(),
                    Config = config,
                    HostConfig = host,
                    Networks = RequestedNetworks.Of(network, host.NetworkMode!, body.NetworkDisabled ? null : body.NetworkingConfig, _networks),
                    Mounts = resolved,
                },
                new ContainerState { Status = ContainerStatus.Created },
                _containers.FolderOf(id));
            long filesBegan = Stopwatch.GetTimestamp();
            undo.Push("remove the folder", () => Directory.Delete(container.Folder, recursive: true));
            _containers.SaveNew(container);
            double filesTime = Stopwatch.GetElapsedTime(filesBegan).TotalMilliseconds;

            // 8. A start usually follows at once, and finds the container whole: from here on it can be found, and changed when this is over.
            using var ownership = await container.EnterAsync(CancellationToken.None);
            container.Expect(_launch.Run(id));
            _containers.Add(container);
            _events.Publish(container, "create");
            double total = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            EngineLog.Created(_log, id, total, imageTime, snapshotTime, filesTime);
            return new ContainerCreateResponse { Id = id, Warnings = [.. warnings] };
        }
        catch
        {
            await undo.UndoAsync();
            throw;
        }
        finally
        {
            await mounts.ReleaseAsync();
        }
    }

    private async Task<ImageRecord?> FindImageAsync(string? reference, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(reference))
            throw EngineException.InvalidParameter("no command specified");
        if (_images.Find(reference) is { } image)
            return image;
        if (BuiltInImages.Is(reference))
            return await _images.LoadBuiltInAsync(reference, cancellationToken);
        throw EngineException.NotFound($"No such image: {BuiltInImages.WithTag(reference)}");
    }

    private void PrepareSnapshot(string id, ImageRecord? image, string? reference, bool keep)
    {
        try
        {
            _snapshots.Prepare(id, image?.TopLayer, keep);
        }
        catch (KeyNotFoundException exception)
        {
            // Somebody removed the image since it was found.
            throw new EngineException(ErrorKind.NotFound, $"No such image: {BuiltInImages.WithTag(reference ?? "")}", exception);
        }
    }

    private static void CheckPlatform(ImageRecord? image, string? reference, string? platform, List<string> warnings)
    {
        if (image is null)
            return;
        string architecture = image.Config.Architecture ?? ImagePlatform.Host.Architecture;
        if (string.IsNullOrEmpty(platform))
        {
            if (architecture != ImagePlatform.Host.Architecture)
            {
                warnings.Add(
                    $"The requested image's platform (linux/{architecture}) does not match the detected host platform (linux/{ImagePlatform.Host.Architecture}) and no specific platform was requested");
            }
            return;
        }
        ImagePlatform.Read(platform).Require(reference ?? "", image.Config);
    }

    private string ReserveName(string? wanted, string id)
    {
        if (!string.IsNullOrEmpty(wanted))
        {
            string name = wanted.StartsWith('/') ? wanted[1..] : wanted;
            _containers.ReserveName(name, id);
            return name;
        }
        for (int attempt = 0; attempt < 6; attempt++)
        {
            string name = RandomNames.Next(attempt);
            if (_containers.TryReserveName(name, id))
                return name;
        }
        _containers.ReserveName(ContainerId.Short(id), id);
        return ContainerId.Short(id);
    }

    private string? Hostname(ContainerConfig config, HostConfig host, NetworkChoice network, string id)
    {
        if (!string.IsNullOrEmpty(config.Hostname))
            return config.Hostname;
        return network.UsesHost || host.UTSMode == NamespaceMode.Host ? _host.Hostname : ContainerId.Short(id);
    }

    private static string? Clean(string? path) => string.IsNullOrEmpty(path) ? path : CleanPath.Of(path);
}
