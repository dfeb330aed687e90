namespace Hafen.Engine.Images;

public static class SaveImages
{
    /// <summary>Writes images as one archive. All of them are looked for before the first byte is written.</summary>
    /// <exception cref="EngineException">One of them is not there.</exception>
    public static async Task SaveAsync(this ImageEngine engine, IReadOnlyList<string> references, Stream archive, CancellationToken cancellationToken)
    {
        foreach (string reference in references) RequireAny(engine, reference);
        await engine.Store.SaveAsync(references, archive, cancellationToken).ConfigureAwait(false);
        foreach (string reference in references)
        {
            if (engine.Store.Find(reference) is { } image) engine.Publish("save", image.Id.ToString(), reference, image.Config);
        }
    }

    /// <summary>A repository without a tag means all its tags, so it need not have <c>latest</c>.</summary>
    private static void RequireAny(ImageEngine engine, string reference)
    {
        if (engine.Store.Find(reference) is not null) return;
        if (engine.Store.List().Any(image => image.Tags.Any(tag => tag.FamiliarName == reference || tag.Name == reference))) return;
        engine.Get(reference);
    }
}
