namespace Hafen.Engine.Reconcile;

/// <summary>
/// Which of the containers found running have not been heard of yet. Their execs are known only by their monitors, so a question about an exec that nobody
/// knows waits for those, not for long.
/// </summary>
internal sealed class Adoption
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _expected = new(StringComparer.Ordinal);
    private readonly long _began = Environment.TickCount64;
    private TaskCompletionSource? _settled;

    public void Expect(string containerId)
    {
        lock (_lock)
            _expected.Add(containerId);
    }

    /// <summary>Heard of, or gone.</summary>
    public void Settle(string containerId)
    {
        lock (_lock)
        {
            if (!_expected.Remove(containerId) || _expected.Count > 0)
                return;
            _settled?.TrySetResult();
            _settled = null;
        }
    }

    /// <summary>Waits until all are heard of; from a few seconds after the start of the daemon on for none any more.</summary>
    public async Task SettledAsync(CancellationToken cancellationToken)
    {
        Task settled;
        var left = s_limit - TimeSpan.FromMilliseconds(Environment.TickCount64 - _began);
        lock (_lock)
        {
            if (_expected.Count == 0 || left <= TimeSpan.Zero)
                return;
            _settled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            settled = _settled.Task;
        }
        await settled.WaitAsync(left, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
