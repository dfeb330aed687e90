using System.Text.Json;
using Hafen.Content;
using Hafen.Errors;
using Hafen.Images.BuiltIn;
using Hafen.Images.Load;
using Hafen.Images.Names;
using Hafen.Oci;
using Hafen.Oci.Images;
using Hafen.Snapshots;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Pipelines;

namespace Hafen.Images;

/// <summary>From staged layers to images.</summary>
public sealed partial class ImageStore
{
    public async Task<Image> ImportAsync(Stream tar, ImageReference? reference, ImageConfig config, string? message, CancellationToken cancellationToken)
    {
        RequireOpen();
        StagedLayer layer;
        try
        {
            layer = await StageAsync(tar, cancellationToken);
        }
        catch (LayerException exception)
        {
            throw new ImageException(ErrorKind.InvalidParameter, exception.Message, exception);
        }

        using (layer)
        {
            var created = config.Created ?? Now;
            var complete = config with
            {
                Created = created,
                Architecture = config.Architecture ?? HostPlatform.Architecture,
                Os = config.Os ?? "linux",
                Comment = config.Comment ?? message,
                Config = config.Config ?? new ImageProcessConfig(),
                Rootfs = new ImageRootfs { DiffIds = [layer.DiffId.ToString()] },
                History = config.History ?? [new ImageHistory { Created = created, Comment = message }],
            };
            return await StoreAsync(complete, [layer], reference, cancellationToken);
        }
    }

    public async Task<Image> LoadBuiltInAsync(string name, CancellationToken cancellationToken)
    {
        var reference = ImageReference.Parse(name);
        if (reference != HelloWorld.Reference)
            throw FindImage.NotFound(name);
        RequireOpen();
        var (config, tar) = HelloWorld.Make(_options.HelloExecutable ?? Path.Combine(AppContext.BaseDirectory, "hello"));
        using var layer = await StageAsync(new MemoryStream(tar), cancellationToken);
        return await StoreAsync(config with { Rootfs = new ImageRootfs { DiffIds = [layer.DiffId.ToString()] } }, [layer], reference, cancellationToken);
    }

    private async Task<StagedLayer> StageAsync(Stream tar, CancellationToken cancellationToken)
    {
        using BlockPool pool = new();
        return await StreamPump.FeedAsync(tar, pool, queue => _layers.StageAsync(queue, cancellationToken), cancellationToken);
    }

    private async Task<Image> StoreAsync(ImageConfig config, IReadOnlyList<StagedLayer> layers, ImageReference? reference, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        using var lease = _content.Lease();
        try
        {
            var chain = ChainIds.Of([.. layers.Select(l => l.DiffId)]);
            _layers.Commit([.. layers.Select((l, i) => new LayerPlacement(l, chain[i], i == 0 ? null : chain[i - 1]))]);
            var id = _content.Put(JsonSerializer.SerializeToUtf8Bytes(config, ImageJson.Plain.ImageConfig), lease);
            var catalog = _catalog;
            var image = ToCatalog(id, config, catalog.Images.GetValueOrDefault(id)?.LastTagged);
            catalog = catalog.WithImage(image);
            if (reference is not null)
                catalog = catalog.WithReference(reference, id, Now);
            Publish(catalog);
            return catalog.ToImage(id);
        }
        catch
        {
            // Nothing of it is needed any more.
            lease.Dispose();
            CollectGarbage(_catalog);
            throw;
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Puts an image's layers into their places and stores its configuration; the catalog does not know it yet.</summary>
    private async Task<CatalogImage> CommitAsync(ImagePlan plan, IContentLease lease, CancellationToken cancellationToken)
    {
        var diffIds = plan.DiffIds;
        var chain = ChainIds.Of(diffIds);
        List<LayerPlacement> ready = [];
        List<StagedLayer> copies = [];
        try
        {
            for (int i = 0; i < chain.Length; i++)
            {
                if (_layers.HasLayer(chain[i]))
                    continue;
                Digest? parent = i == 0 ? null : chain[i - 1];
                var layer = plan.Layers[i].Take();
                if (layer is null)
                {
                    // The same files lie, or will lie, in another chain; a layer belongs to one chain, so it is made again from that one.
                    _layers.Commit(ready);
                    ready.Clear();
                    layer = await CopyLayerAsync(diffIds[i], cancellationToken);
                    copies.Add(layer);
                }

                ready.Add(new LayerPlacement(layer, chain[i], parent));
            }

            _layers.Commit(ready);
        }
        finally
        {
            // Those that were committed stay.
            copies.ForEach(copy => copy.Dispose());
        }

        return ToCatalog(_content.Put(plan.Document, lease), plan.Config, null);
    }

    private async Task<StagedLayer> CopyLayerAsync(Digest diffId, CancellationToken cancellationToken)
    {
        var source = _layers.FindByDiffId(diffId) ?? throw new InvalidOperationException($"layer {diffId} vanished while it was needed");
        using BlockPool pool = new();
        BlockQueue queue = new(pool);
        var writing = Task.Run(
            async () =>
            {
                try
                {
                    await using QueueStream target = new(queue);
                    await _layers.WriteDiffAsync(source, target, cancellationToken);
                    await target.FlushAsync(cancellationToken);
                    queue.Complete();
                }
                catch (Exception exception)
                {
                    queue.Complete(exception);
                }
            },
            CancellationToken.None);
        try
        {
            return await _layers.StageAsync(queue, cancellationToken);
        }
        finally
        {
            await writing;
        }
    }
}
