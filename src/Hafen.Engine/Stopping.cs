namespace Hafen.Engine;

/// <summary>Whether the daemon ends: containers stay, nothing is restarted any more.</summary>
internal sealed class Stopping
{
    /// <summary>Cancelled when the end has begun.</summary>
    public CancellationToken Token => Source.Token;

    public bool HasBegun => Source.IsCancellationRequested;

    private CancellationTokenSource Source { get; } = new();

    /// <summary>Begins the end; returns when everybody who waits with <see cref="Token"/> has been told. More than once does no harm.</summary>
    public Task BeginAsync() => Source.CancelAsync();
}
