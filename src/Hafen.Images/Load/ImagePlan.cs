using Hafen.Errors;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Images.Load;

/// <summary>One image that an archive holds, checked and ready to be committed.</summary>
/// <param name="Document">The configuration's bytes.</param>
/// <param name="Config">What they say.</param>
/// <param name="DiffIds">Of its layers, lowest first.</param>
/// <param name="Layers">As many as there are diff IDs.</param>
/// <param name="References">Names to set, in normal form.</param>
internal sealed record ImagePlan(byte[] Document, ImageConfig Config, Digest[] DiffIds, IReadOnlyList<ArchiveLayer> Layers, IReadOnlyList<ImageReference> References)
{
    // As Docker; the mount of a container takes a few more.
    private const int MostLayers = 125;
    // It is held for as long as the image is there.
    private const int MostHistory = 10_000;

    /// <summary>Reads a configuration and refuses what cannot become an image here, whatever its layers hold.</summary>
    /// <exception cref="ImageException">It is none, or for another operating system, or of too many layers.</exception>
    public static ImagePlan Read(byte[] document)
    {
        var config = ImageDocuments.ParseConfig(document);
        if (config.Os is not (null or "" or "linux"))
            throw new ImageException(ErrorKind.InvalidParameter, $"cannot load {config.Os} image on linux");
        // An image without layers says so.
        if (config.Rootfs is null)
            throw new ImageException(ErrorKind.InvalidParameter, "invalid image JSON, no RootFS key");
        var diffIds = ImageDocuments.DiffIds(config);
        if (diffIds.Length > MostLayers)
            throw new ImageException(ErrorKind.InvalidParameter, "max depth exceeded");
        if (config.History?.Length > MostHistory)
            throw new ImageException(ErrorKind.InvalidParameter, $"invalid image configuration: its history has more than {MostHistory} entries");
        return new ImagePlan(document, config, diffIds, [], []);
    }

    /// <summary>Checks that layers and configuration belong together.</summary>
    /// <exception cref="ImageException">They do not.</exception>
    public ImagePlan With(IReadOnlyList<ArchiveLayer> layers, IReadOnlyList<ImageReference> references)
    {
        if (DiffIds.Length != layers.Count)
        {
            throw new ImageException(ErrorKind.InvalidParameter, $"invalid manifest, layers length mismatch: expected {DiffIds.Length}, got {layers.Count}");
        }

        for (int i = 0; i < DiffIds.Length; i++)
        {
            if (layers[i].DiffId != DiffIds[i])
            {
                throw new ImageException(ErrorKind.InvalidParameter, $"invalid diffID for layer {i}: expected \"{DiffIds[i]}\", got \"{layers[i].DiffId}\"");
            }
        }

        return this with { Layers = layers, References = references };
    }
}
