using Hafen.Oci.Images;

namespace Hafen.Images.Load;

/// <summary>One image that an archive holds, checked and ready to be committed.</summary>
/// <param name="Config">The configuration's bytes.</param>
/// <param name="Layers">Lowest first, as many as the configuration has diff IDs.</param>
/// <param name="References">Names to set, in normal form.</param>
internal sealed record ImagePlan(byte[] Config, IReadOnlyList<ArchiveLayer> Layers, IReadOnlyList<ImageReference> References)
{
    /// <summary>Checks that layers and configuration belong together.</summary>
    /// <exception cref="ImageException">They do not.</exception>
    public static ImagePlan Make(byte[] config, IReadOnlyList<ArchiveLayer> layers, IReadOnlyList<ImageReference> references)
    {
        var parsed = ImageDocuments.ParseConfig(config);
        if (parsed.Os is not (null or "" or "linux")) throw new ImageException(ImageErrorKind.InvalidArchive, $"cannot load {parsed.Os} image on linux");
        var diffIds = ImageDocuments.DiffIds(parsed);
        if (diffIds.Length != layers.Count)
        {
            throw new ImageException(ImageErrorKind.InvalidArchive, $"invalid manifest, layers length mismatch: expected {diffIds.Length}, got {layers.Count}");
        }

        for (int i = 0; i < diffIds.Length; i++)
        {
            if (layers[i].DiffId != diffIds[i])
            {
                throw new ImageException(ImageErrorKind.InvalidArchive, $"invalid diffID for layer {i}: expected \"{diffIds[i]}\", got \"{layers[i].DiffId}\"");
            }
        }

        return new ImagePlan(config, layers, references);
    }
}
