namespace Hafen.Daemon.Configuration;

/// <summary>
/// The settings that hold now. SIGHUP may change them while the rooms are still being opened with those of before, so whoever follows them says which ones it
/// knows and is told at once when these are not the last.
/// </summary>
/// <param name="settings">The first ones.</param>
internal sealed class CurrentSettings(DaemonSettings settings)
{
    private readonly Lock _lock = new();
    private DaemonSettings _value = settings;
    private Action<DaemonSettings>? _changed;

    public DaemonSettings Value
    {
        get
        {
            lock (_lock)
                return _value;
        }
    }

    /// <summary>Changes them, one change at a time.</summary>
    /// <param name="change">The settings that follow on those of before; null when nothing changes.</param>
    public void Change(Func<DaemonSettings, DaemonSettings?> change)
    {
        lock (_lock)
        {
            if (change(_value) is not { } next)
                return;
            _value = next;
            _changed?.Invoke(next);
        }
    }

    /// <param name="known">The settings that the follower works with already.</param>
    /// <param name="changed">Told each change, in order.</param>
    public void Follow(DaemonSettings known, Action<DaemonSettings> changed)
    {
        lock (_lock)
        {
            _changed = changed;
            if (!ReferenceEquals(known, _value))
                changed(_value);
        }
    }
}
