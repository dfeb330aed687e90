using System.Text.Json;
using Hafen.Content;
using Hafen.Errors;
using Hafen.Images.Load;
using Hafen.Images.Names;
using Hafen.Images.Save;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Trees;
using Hafen.Oci;
using Hafen.Oci.Images;
using Hafen.Snapshots;

namespace Hafen.Images;

/// <summary>
/// Images in a folder: names and IDs in <c>images.json</c>, configurations in the content store, files with the layer store.
/// Readers see an immutable picture; changes are made one after the other.
/// </summary>
public sealed partial class ImageStore : IImageStore, IDisposable
{
    private readonly string _root;
    private readonly IContentStore _content;
    private readonly ILayerStore _layers;
    private readonly ImageStoreOptions _options;
    private readonly SemaphoreSlim _changes = new(1);
    private ImageCatalog _catalog = ImageCatalog.Empty;
    // Why nothing may be changed: what a newer release has written refers to what this one would remove or write over.
    private string? _closed;

    private ImageStore(string root, IContentStore content, ILayerStore layers, ImageStoreOptions options)
    {
        _root = root;
        _content = content;
        _layers = layers;
        _options = options;
        _closed = layers.LeftAlone is [var first, ..] ? first : null;
        LeftAlone = [.. content.LeftAlone, .. layers.LeftAlone];
    }

    public IReadOnlyList<string> LeftAlone { get; private set; }

    private DateTimeOffset Now => (_options.Clock ?? TimeProvider.System).GetUtcNow();

    /// <summary>Opens the store in <paramref name="root"/>, making it if need be. An image whose parts are gone is dropped; layers and blobs nothing needs are removed.</summary>
    public static Task<ImageStore> OpenAsync(
        string root, IContentStore content, ILayerStore layers, ImageStoreOptions? options = null, CancellationToken cancellationToken = default)
        => Task.Run(
            () =>
            {
                Directory.CreateDirectory(root);
                foreach (string left in Directory.EnumerateFiles(root, AtomicFile.TemporaryPrefix + "*"))
                    File.Delete(left);
                ImageStore store = new(root, content, layers, options ?? new ImageStoreOptions());
                store._catalog = store.Read();
                store.CollectGarbage(store._catalog);
                return store;
            },
            cancellationToken);

    public Image? Find(string reference)
    {
        var catalog = _catalog;
        return FindImage.Find(catalog, reference, out _) is { } id ? catalog.ToImage(id) : null;
    }

    public IReadOnlyList<Image> List()
    {
        var catalog = _catalog;
        return catalog.ToImages(catalog.Images.Keys);
    }

    public Image? Tag(Image image, ImageReference reference)
        => Change(catalog =>
        {
            if (!catalog.Images.ContainsKey(image.Id))
                throw FindImage.NotFound(image.Id.ToString());
            var before = catalog.References.TryGetValue(reference, out var id) ? catalog.ToImage(id) : null;
            return (catalog.WithReference(reference, image.Id, Now), before?.Id == image.Id ? null : before);
        });

    public IReadOnlyList<ImageRemoval> Remove(string reference, bool force)
        => Change<IReadOnlyList<ImageRemoval>>(catalog =>
        {
            var id = FindImage.Find(catalog, reference, out var byName) ?? throw FindImage.NotFound(reference);
            return Remove(catalog, RemovalPlan.Make(id, catalog.ReferencesOf(id), byName, force));
        });

    public IReadOnlyList<ImageRemoval> RemoveIf(Digest id, Func<Image, bool> condition)
        => Change<IReadOnlyList<ImageRemoval>>(catalog => catalog.Images.ContainsKey(id) && condition(catalog.ToImage(id))
            ? Remove(catalog, RemovalPlan.Make(id, catalog.ReferencesOf(id), byName: null, force: true))
            : (catalog, []));

    private (ImageCatalog Catalog, IReadOnlyList<ImageRemoval> Removals) Remove(ImageCatalog catalog, RemovalPlan plan)
    {
        List<ImageRemoval> removals = [];
        foreach (var name in plan.Untag)
        {
            catalog = catalog.WithoutReference(name);
            removals.Add(new ImageRemoval(name.Familiar, null));
        }

        if (!plan.Delete)
            return (catalog, removals);
        catalog = catalog.WithoutImage(plan.Id);
        // The names are gone before the parts are: a crash between leaves garbage and no broken image.
        Publish(catalog);
        removals.Add(new ImageRemoval(null, plan.Id.ToString()));
        removals.AddRange(CollectGarbage(catalog).Select(layer => new ImageRemoval(null, layer.ToString())));
        return (catalog, removals);
    }

    public async Task<LoadResult> LoadAsync(Stream archive, IProgress<LayerProgress>? progress, CancellationToken cancellationToken)
    {
        RequireOpen();
        bool loaded = false;
        try
        {
            using var content = await LoadArchive.ReadAsync(archive, _layers, progress, cancellationToken);
            var result = await CommitAsync(ArchiveImages.Plan(content), cancellationToken);
            loaded = true;
            return result;
        }
        finally
        {
            if (!loaded)
                await CollectGarbageAsync();
        }
    }

    private async Task<LoadResult> CommitAsync(IReadOnlyList<ImagePlan> plans, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        // Keeps the configurations until the catalog names them.
        using var lease = _content.Lease();
        try
        {
            var catalog = _catalog;
            List<Digest> ids = [];
            List<string> references = [];
            List<RenamedImage> renamed = [];
            foreach (var plan in plans)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var image = await CommitAsync(plan, lease, cancellationToken);
                catalog = catalog.WithImage(image with { LastTagged = catalog.Images.GetValueOrDefault(image.Id)?.LastTagged });
                foreach (var name in plan.References)
                {
                    if (catalog.References.TryGetValue(name, out var before) && before != image.Id)
                        renamed.Add(new RenamedImage(name.Familiar, before));
                    // As Docker has it, only who tags by hand has tagged.
                    catalog = catalog.WithReference(name, image.Id, null);
                    references.Add(name.Familiar);
                }

                ids.Add(image.Id);
            }

            Publish(catalog);
            return new LoadResult(catalog.ToImages(ids), references) { Renamed = renamed };
        }
        finally
        {
            _changes.Release();
        }
    }

    public async Task SaveAsync(IReadOnlyList<string> references, Stream archive, CancellationToken cancellationToken)
    {
        var (images, leases) = await HoldAsync(references, cancellationToken);
        try
        {
            await SaveArchive.WriteAsync(images, _layers, archive, cancellationToken);
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
            // Who removed an image meanwhile could not remove its layers.
            if (images.Any(i => !_catalog.Images.ContainsKey(i.Image.Id)))
                await CollectGarbageAsync();
        }
    }

    /// <summary>Selects images and keeps what they consist of, whatever becomes of their names.</summary>
    private async Task<(IReadOnlyList<SelectedImage> Images, List<IDisposable> Leases)> HoldAsync(IReadOnlyList<string> references, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            var images = SaveSelection.Select(_catalog, references, _content.Read);
            // While changes stand still every image has its layers.
            return (images, [.. images.Where(i => i.Image.ChainIds.Length > 0).Select(i => _layers.Hold(i.Image.ChainIds[^1])!)]);
        }
        finally
        {
            _changes.Release();
        }
    }

    public void Dispose() => _changes.Dispose();

    private T Change<T>(Func<ImageCatalog, (ImageCatalog Catalog, T Result)> change)
    {
        RequireOpen();
        _changes.Wait();
        try
        {
            var (catalog, result) = change(_catalog);
            if (!ReferenceEquals(catalog, _catalog))
                Publish(catalog);
            return result;
        }
        finally
        {
            _changes.Release();
        }
    }

    private void Publish(ImageCatalog catalog)
    {
        catalog.ToFile().Write(_root);
        Volatile.Write(ref _catalog, catalog);
    }

    /// <summary>Removes layers and blobs that no image needs; layers below containers stay until those are gone.</summary>
    private IReadOnlyList<Digest> CollectGarbage(ImageCatalog catalog)
    {
        if (_closed is not null)
            return [];
        var removed = _layers.Collect(catalog.Images.Values.Where(i => i.ChainIds.Length > 0).Select(i => i.ChainIds[^1]));
        _content.Collect(() => catalog.Images.Keys.Select(id => new ContentRoot(id, MediaTypes.OciConfig)));
        return removed;
    }

    private async Task CollectGarbageAsync()
    {
        await _changes.WaitAsync(CancellationToken.None);
        try
        {
            CollectGarbage(_catalog);
        }
        finally
        {
            _changes.Release();
        }
    }

    private ImageCatalog Read()
    {
        ImageIndexFile? file;
        try
        {
            file = ImageIndexFile.Read(_root);
        }
        catch (JsonException)
        {
            // Written atomically, so this was done by hand: keep it for whoever did, and the images too, which are known by their configurations.
            File.Move(Path.Combine(_root, ImageIndexFile.FileName), Path.Combine(_root, ImageIndexFile.FileName + ".broken"), overwrite: true);
            file = WithoutNames();
        }
        catch (NewerVersionException exception)
        {
            // Containers of these images start and are shown; more than that this release cannot do.
            _closed = exception.Message;
            LeftAlone = [exception.Message, .. LeftAlone];
            file = WithoutNames();
        }

        var catalog = ImageCatalog.Empty;
        foreach (var (text, entry) in file?.Images ?? [])
        {
            if (!Digest.TryParse(text, out var id) || ReadImage(id, entry.LastTagged) is not { } image)
                continue;
            catalog = catalog.WithImage(image);
            foreach (string name in entry.References ?? [])
            {
                if (ImageReference.TryParse(name, out var reference, out _))
                    catalog = catalog.WithReference(reference, id, null);
            }
        }

        return catalog;
    }

    private ImageIndexFile WithoutNames()
        => new() { Images = _content.List().Where(IsConfiguration).ToDictionary(d => d.ToString(), _ => new ImageIndexFile.Entry()) };

    /// <exception cref="ImageException">Nothing may be changed.</exception>
    private void RequireOpen()
    {
        if (_closed is not null)
            throw new ImageException(ErrorKind.NotImplemented, $"images cannot be changed: {_closed}");
    }

    /// <summary>Whether a blob is an image's configuration, and neither a manifest nor a layer.</summary>
    private bool IsConfiguration(Digest digest)
    {
        try
        {
            return _content.Size(digest) <= LoadArchive.MaxDocument && ImageDocuments.ParseConfig(_content.Read(digest)).Rootfs is not null;
        }
        catch (Exception exception) when (exception is KeyNotFoundException or ImageException)
        {
            return false;
        }
    }

    private CatalogImage? ReadImage(Digest id, DateTimeOffset? lastTagged)
    {
        try
        {
            byte[] bytes = _content.Read(id);
            if (Digest.OfSha256(bytes) != id)
                return null;
            return ToCatalog(id, ImageDocuments.ParseConfig(bytes), lastTagged);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or ImageException)
        {
            return null;
        }
    }

    /// <exception cref="KeyNotFoundException">A layer is not there.</exception>
    private CatalogImage ToCatalog(Digest id, ImageConfig config, DateTimeOffset? lastTagged)
    {
        var chain = ChainIds.Of(ImageDocuments.DiffIds(config));
        return new CatalogImage(id, config, chain, chain.Sum(layer => _layers.GetLayer(layer).Size), lastTagged);
    }
}
