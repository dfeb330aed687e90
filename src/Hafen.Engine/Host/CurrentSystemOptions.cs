namespace Hafen.Engine.Host;

/// <summary>What the daemon tells clients of itself, as it holds now: replaced as a whole when the configuration is read again.</summary>
public sealed class CurrentSystemOptions(SystemOptions value)
{
    private volatile SystemOptions _value = value;

    /// <summary>Who needs several of them to go together takes this once.</summary>
    public SystemOptions Value => _value;

    public void Replace(SystemOptions value) => _value = value;
}
