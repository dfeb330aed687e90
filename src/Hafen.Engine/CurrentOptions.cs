namespace Hafen.Engine;

/// <summary>What the operator has decided about the engine, as it holds now: replaced as a whole when some of it changes while the daemon runs.</summary>
public sealed class CurrentOptions(EngineOptions value)
{
    private volatile EngineOptions _value = value;

    /// <summary>Who needs several of them to go together takes this once.</summary>
    public EngineOptions Value => _value;

    /// <summary>What is asked from here on is answered by these; what has begun goes on with those it took.</summary>
    public void Replace(EngineOptions value) => _value = value;
}
