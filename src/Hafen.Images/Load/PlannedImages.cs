using Hafen.Errors;
using Hafen.Oci.Images;

namespace Hafen.Images.Load;

/// <summary>
/// The images of one archive, each once however often a manifest lists it: a configuration of megabytes is read once, and a list of a few bytes an item costs
/// a few bytes an item.
/// </summary>
internal sealed class PlannedImages
{
    // Each is kept for as long as the image is.
    private const int MostNames = 1 << 16;

    private readonly Dictionary<byte[], int> _byDocument = new(ReferenceEqualityComparer.Instance);
    private readonly List<ImagePlan> _plans = [];
    private readonly List<HashSet<ImageReference>> _names = [];
    private int _count;

    /// <param name="document">Configuration, always the same array for the same one.</param>
    /// <exception cref="ImageException">Its parts do not belong together, or there are too many names.</exception>
    public void Add(byte[] document, IReadOnlyList<ArchiveLayer> layers, IReadOnlyList<ImageReference> names)
    {
        if (!_byDocument.TryGetValue(document, out int at))
        {
            var plan = ImagePlan.Read(document);
            at = _byDocument[document] = _plans.Count;
            _plans.Add(plan);
            _names.Add([]);
        }

        _plans[at] = _plans[at].With(layers, []);
        foreach (var name in names)
        {
            if (_names[at].Add(name) && ++_count > MostNames)
                throw new ImageException(ErrorKind.InvalidParameter, $"invalid archive: it has more than {MostNames} names of images");
        }
    }

    public IReadOnlyList<ImagePlan> ToPlans() => [.. _plans.Select((plan, i) => plan with { References = [.. _names[i]] })];
}
