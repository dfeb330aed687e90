using Hafen.Images;

namespace Hafen.Engine.Images;

/// <summary>Writes images as one archive.</summary>
public sealed class SaveImages(IImageStore images, FindImage find, ImageEvents events)
{
    /// <summary>All of them are looked for before the first byte is written.</summary>
    /// <param name="references">Names and IDs; a repository means all its tags.</param>
    /// <param name="archive">Where to write.</param>
    /// <exception cref="EngineException">One of them is not there.</exception>
    public async Task RunAsync(IReadOnlyList<string> references, Stream archive, CancellationToken cancellationToken)
    {
        foreach (string reference in references)
            RequireAny(reference);
        await images.SaveAsync(references, archive, cancellationToken);
        foreach (string reference in references)
        {
            if (images.Find(reference) is { } image)
                events.Publish("save", image, reference);
        }
    }

    /// <summary>A repository without a tag means all its tags, so it need not have <c>latest</c>.</summary>
    private void RequireAny(string reference)
    {
        if (images.Find(reference) is not null)
            return;
        if (images.List().Any(image => image.Tags.Any(tag => tag.FamiliarName == reference || tag.Name == reference)))
            return;
        find.Run(reference);
    }
}
