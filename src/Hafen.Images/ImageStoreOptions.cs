namespace Hafen.Images;

/// <summary>Settings of the image store.</summary>
public sealed record ImageStoreOptions
{
    /// <summary>The static executable that the built-in image consists of; null for <c>hello</c> beside the running executable.</summary>
    public string? HelloExecutable { get; init; }

    public TimeProvider? Clock { get; init; }
}
