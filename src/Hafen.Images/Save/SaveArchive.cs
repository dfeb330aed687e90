using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hafen.Oci;
using Hafen.Oci.Images;
using Hafen.Snapshots;
using Hafen.Snapshots.Tar;

namespace Hafen.Images.Save;

/// <summary>
/// Writes an archive that is docker-archive and OCI layout at once. Small files come first, so that a reader of a stream knows what to expect; layers are
/// plain tars with their original bytes, named by their diff IDs, which are therefore known before they are read.
/// </summary>
internal sealed class SaveArchive
{
    private const uint FileMode = 0x1A4, FolderMode = 0x1ED;

    private readonly ILayerStore _layers;
    private readonly Stream _archive;
    private readonly CancellationToken _cancellationToken;

    private SaveArchive(ILayerStore layers, Stream archive, CancellationToken cancellationToken)
    {
        _layers = layers;
        _archive = archive;
        _cancellationToken = cancellationToken;
    }

    /// <param name="images">The caller keeps their layers from being removed meanwhile.</param>
    public static Task WriteAsync(IReadOnlyList<SelectedImage> images, ILayerStore layers, Stream archive, CancellationToken cancellationToken)
        => new SaveArchive(layers, archive, cancellationToken).RunAsync(images);

    private async Task RunAsync(IReadOnlyList<SelectedImage> images)
    {
        List<Descriptor> index = [];
        List<DockerArchiveEntry> entries = [];
        Dictionary<string, Dictionary<string, string>> repositories = [];
        Dictionary<Digest, byte[]> documents = [];
        Dictionary<Digest, Digest> layers = [];

        foreach (var (image, config, names) in images)
        {
            var layerDescriptors = image.ChainIds.Select(Describe).ToArray();
            ImageManifest manifest = new()
            {
                SchemaVersion = 2,
                MediaType = MediaTypes.OciManifest,
                Config = new Descriptor { MediaType = MediaTypes.OciConfig, Digest = image.Id.ToString(), Size = config.Length },
                Layers = layerDescriptors,
            };
            byte[] manifestBytes = JsonSerializer.SerializeToUtf8Bytes(manifest, ImageJson.Plain.ImageManifest);
            var manifestDigest = Digest.OfSha256(manifestBytes);
            documents[image.Id] = config;
            documents[manifestDigest] = manifestBytes;
            foreach (var chainId in image.ChainIds)
                layers.TryAdd(_layers.GetLayer(chainId).DiffId, chainId);

            index.AddRange(IndexEntries(image, names, manifestDigest, manifestBytes.Length));
            entries.Add(new DockerArchiveEntry
            {
                Config = PathOf(image.Id),
                RepoTags = [.. names.Select(n => n.Familiar)],
                Layers = [.. layerDescriptors.Select(d => PathOf(Digest.Parse(d.Digest!)))],
                LayerSources = layerDescriptors.DistinctBy(d => d.Digest).ToDictionary(d => d.Digest!),
            });
            foreach (var name in names)
            {
                if (!repositories.TryGetValue(name.FamiliarName, out var tags))
                    repositories[name.FamiliarName] = tags = [];
                tags[name.Tag!] = layerDescriptors.Length == 0 ? image.Id.Hex : Digest.Parse(layerDescriptors[^1].Digest!).Hex;
            }
        }

        await FolderAsync("blobs/");
        await FolderAsync("blobs/sha256/");
        await JsonAsync("manifest.json", [.. entries], ImageJson.Plain.DockerArchiveEntryArray);
        await JsonAsync(OciLayout.FileName, new OciLayout { ImageLayoutVersion = OciLayout.Version }, ImageJson.Plain.OciLayout);
        await JsonAsync(
            OciLayout.IndexFileName, new ImageIndex { SchemaVersion = 2, MediaType = MediaTypes.OciIndex, Manifests = [.. index] }, ImageJson.Plain.ImageIndex);
        if (repositories.Count > 0)
            await JsonAsync("repositories", repositories, ImageJson.Plain.DictionaryStringDictionaryStringString);
        foreach (var (digest, content) in documents)
            await FileAsync(PathOf(digest), content);
        foreach (var (diffId, chainId) in layers)
            await LayerAsync(diffId, chainId);
        await _archive.WriteAsync(TarWriter.End.ToArray(), _cancellationToken);
        await _archive.FlushAsync(_cancellationToken);
    }

    private Descriptor Describe(Digest chainId)
        => new() { MediaType = MediaTypes.OciLayer, Digest = _layers.GetLayer(chainId).DiffId.ToString(), Size = _layers.TarSize(chainId) };

    private static IEnumerable<Descriptor> IndexEntries(CatalogImage image, List<ImageReference> names, Digest manifest, int size)
    {
        Descriptor descriptor = new()
        {
            MediaType = MediaTypes.OciManifest,
            Digest = manifest.ToString(),
            Size = size,
            Platform = new Platform { Architecture = image.Config.Architecture ?? HostPlatform.Architecture, Os = image.Config.Os ?? "linux", Variant = image.Config.Variant },
        };
        return names.Count == 0 ? [descriptor] : names.Select(n => descriptor with
        {
            Annotations = new Dictionary<string, string> { ["io.containerd.image.name"] = n.ToString(), ["org.opencontainers.image.ref.name"] = n.Tag! },
        });
    }

    private Task JsonAsync<T>(string name, T value, JsonTypeInfo<T> type) => FileAsync(name, JsonSerializer.SerializeToUtf8Bytes(value, type));

    private async Task FolderAsync(string name)
        => await _archive.WriteAsync(TarWriter.Header(name, TarType.Directory, FolderMode, 0, 0), _cancellationToken);

    private async Task FileAsync(string name, byte[] content)
    {
        await _archive.WriteAsync(TarWriter.Header(name, TarType.File, FileMode, content.Length, 0), _cancellationToken);
        await _archive.WriteAsync(content, _cancellationToken);
        await _archive.WriteAsync(TarWriter.Padding(content.Length).ToArray(), _cancellationToken);
    }

    private async Task LayerAsync(Digest diffId, Digest chainId)
    {
        long size = _layers.TarSize(chainId);
        await _archive.WriteAsync(TarWriter.Header(PathOf(diffId), TarType.File, FileMode, size, 0), _cancellationToken);
        await _layers.WriteDiffAsync(chainId, _archive, _cancellationToken);
        await _archive.WriteAsync(TarWriter.Padding(size).ToArray(), _cancellationToken);
    }

    private static string PathOf(Digest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";
}
