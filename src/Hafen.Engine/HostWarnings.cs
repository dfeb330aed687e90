namespace Hafen.Engine;

/// <summary>What the operator should know about this host; found out when the engine opens.</summary>
public sealed class HostWarnings
{
    private volatile IReadOnlyList<string> _all = [];

    /// <summary>One sentence each, without a word such as WARNING before it.</summary>
    public IReadOnlyList<string> All => _all;

    internal void Add(IReadOnlyList<string> more) => _all = [.. _all, .. more];

    internal void Replace(IReadOnlyList<string> all) => _all = all;
}
