namespace Hafen.Content;

/// <summary>Settings of the content store.</summary>
public sealed record ContentStoreOptions
{
    public TimeProvider? Clock { get; init; }

    /// <summary>How long a blob that was received in part waits for its rest; null for a day.</summary>
    public TimeSpan? PartialLifetime { get; init; }

    /// <summary>How long a lease with a name lives without being opened or used; null for a day.</summary>
    public TimeSpan? LeaseLifetime { get; init; }

    /// <summary>How long a writer waits for another one of the same blob; null for ten minutes.</summary>
    public TimeSpan? WriterLimit { get; init; }
}
