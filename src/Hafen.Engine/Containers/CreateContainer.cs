using System.Diagnostics;
using Hafen.Api;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.Images;
using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Images;
using Hafen.Oci.Images;
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
public static class CreateContainer
{
    public static async Task<ContainerCreateResponse> CreateContainerAsync(
        this ContainerEngine engine, CreateContainerRequest request, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        var warnings = new List<string>(request.Warnings);

        // 1. Check everything that can be checked without an image.
        ValidateConfig.RequireAny(request.Body);
        var body = AdaptRequest.Normalize(request.Body);
        NullBytes.Refuse(body);
        ValidateConfig.Check(body);
        (body, var network) = AdaptNetwork.To(body, engine.Rooms.Networks, request.MacAddressIsTheContainers, warnings);
        ValidateEndpoints.Check(body.HostConfig!.NetworkMode!, body.NetworkingConfig, engine.Rooms.Networks);
        var host = ValidateHostConfig.Check(body.HostConfig!, body, network, engine.Options, engine.Rooms.Host, warnings);

        // 2. The image.
        var image = await FindImageAsync(engine, body.Image, cancellationToken).ConfigureAwait(false);
        CheckPlatform(image, body.Image, request.Platform, warnings);
        double imageTime = Stopwatch.GetElapsedTime(began).TotalMilliseconds;

        // 3. Merge and fill in what nobody said.
        var config = MergeImageConfig.Merge(body, image?.Config.Config);
        NullBytes.Refuse(config);
        ValidateHostConfig.CheckPublishAll(host, config, network);
        host = AdaptRequest.Defaults(host, engine);
        LogSettings.CheckContainer(config, host);
        var mounts = new ResolveMounts(engine);
        mounts.Decide(host, config, readOnlyNonRecursive: !request.ReadOnlyBindsAreRecursive);

        var undo = new UndoStack((step, e) => EngineLog.StepFailed(engine.Log, "(new)", step, e.Message));
        try
        {
            // 4. ID and name.
            string id = ContainerId.New();
            string name = ReserveName(engine.Store, request.Name, id);
            undo.Push("release the name", () => engine.Store.ReleaseName(name, id));
            config = config with { Hostname = Hostname(config, host, network, id, engine), WorkingDir = Clean(config.WorkingDir) };

            // 5. The writable layer.
            long snapshotBegan = Stopwatch.GetTimestamp();
            PrepareSnapshot(engine, id, image, body.Image, keep: !host.AutoRemove);
            undo.Push("remove the snapshot", () => engine.Rooms.Snapshots.Remove(id));
            double snapshotTime = Stopwatch.GetElapsedTime(snapshotBegan).TotalMilliseconds;

            // 6. Volumes.
            undo.Push("remove new volumes", mounts.Undo);
            var resolved = mounts.MakeVolumes(host, id);
            mounts.Populate(resolved, () => SnapshotFolders.Of(engine.Rooms.Snapshots.Describe(id)));

            // 7. Write it down.
            var container = new Container(
                new ContainerRecord
                {
                    Version = 1,
                    Id = id,
                    Name = name,
                    Created = DateTimeOffset.UtcNow,
                    ImageId = image?.Id.ToString() ?? "",
                    TopLayer = image?.TopLayer?.ToString(),
                    Config = config,
                    HostConfig = host,
                    Networks = RequestedNetworks.Of(network, host.NetworkMode!, body.NetworkDisabled ? null : body.NetworkingConfig, engine.Rooms.Networks),
                    Mounts = resolved,
                },
                new ContainerState { Status = ContainerStatus.Created },
                engine.Store.FolderOf(id));
            long filesBegan = Stopwatch.GetTimestamp();
            undo.Push("remove the folder", () => Directory.Delete(container.Folder, recursive: true));
            engine.Store.SaveNew(container);
            double filesTime = Stopwatch.GetElapsedTime(filesBegan).TotalMilliseconds;

            // 8. A start usually follows at once, and finds the container whole: from here on it can be found, and changed when this is over.
            using var ownership = await container.EnterAsync(CancellationToken.None).ConfigureAwait(false);
            container.Early = EarlyMonitor.Launch(engine, id);
            engine.Store.Add(container);
            engine.Publish(container, "create");
            double total = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            EngineLog.Created(engine.Log, id, total, imageTime, snapshotTime, filesTime);
            return new ContainerCreateResponse { Id = id, Warnings = [.. warnings] };
        }
        catch
        {
            await undo.UndoAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            mounts.Release();
        }
    }

    private static async Task<ImageRecord?> FindImageAsync(ContainerEngine engine, string? reference, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(reference)) throw EngineException.InvalidParameter("no command specified");
        if (engine.Rooms.Images.Find(reference) is { } image) return image;
        if (BuiltInImages.Is(reference)) return await engine.Rooms.Images.LoadBuiltInAsync(reference, cancellationToken).ConfigureAwait(false);
        throw EngineException.NotFound($"No such image: {BuiltInImages.WithTag(reference)}");
    }

    private static void PrepareSnapshot(ContainerEngine engine, string id, ImageRecord? image, string? reference, bool keep)
    {
        try
        {
            engine.Rooms.Snapshots.Prepare(id, image?.TopLayer, keep);
        }
        catch (KeyNotFoundException e)
        {
            // Somebody removed the image since it was found.
            throw new EngineException(ErrorKind.NotFound, $"No such image: {BuiltInImages.WithTag(reference ?? "")}", e);
        }
    }

    private static void CheckPlatform(ImageRecord? image, string? reference, string? platform, List<string> warnings)
    {
        if (image is null) return;
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

    private static string ReserveName(ContainerStore store, string? wanted, string id)
    {
        if (!string.IsNullOrEmpty(wanted))
        {
            string name = wanted.StartsWith('/') ? wanted[1..] : wanted;
            store.ReserveName(name, id);
            return name;
        }
        for (int attempt = 0; attempt < 6; attempt++)
        {
            string name = RandomNames.Next(attempt);
            if (store.TryReserveName(name, id)) return name;
        }
        store.ReserveName(ContainerId.Short(id), id);
        return ContainerId.Short(id);
    }

    private static string? Hostname(ContainerConfig config, HostConfig host, NetworkChoice network, string id, ContainerEngine engine)
    {
        if (!string.IsNullOrEmpty(config.Hostname)) return config.Hostname;
        return network.UsesHost || host.UTSMode == NamespaceMode.Host ? engine.Rooms.Host.Hostname : ContainerId.Short(id);
    }

    private static string? Clean(string? path) => string.IsNullOrEmpty(path) ? path : CleanPath.Of(path);
}
