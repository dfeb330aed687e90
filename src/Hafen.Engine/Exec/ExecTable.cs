using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Hafen.Engine.Exec;

/// <summary>
/// Execs of all containers by ID. One that has ended can be asked about for a while, its container gone or not, and is then forgotten: probes that run every
/// few seconds for months must not cost memory.
/// </summary>
internal sealed class ExecTable
{
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, ExecSession> _sessions = new(StringComparer.Ordinal);
    private long _nextSweep = Environment.TickCount64 + (long)s_kept.TotalMilliseconds;

    public int Count => _sessions.Count;

    public bool TryGet(string id, [NotNullWhen(true)] out ExecSession? session) => _sessions.TryGetValue(id, out session);

    /// <summary>Execs go with their container; only one that its end cut off can still be asked about, because its client is just reading the end of its stream.</summary>
    /// <exception cref="EngineException">There is none.</exception>
    public ExecSession Get(string id)
        => TryGet(id, out var session) && (!session.Container.IsRemoved || session.CutOff) ? session : throw NotFound(id);

    public void Add(ExecSession session)
    {
        long now = Environment.TickCount64;
        long due = Volatile.Read(ref _nextSweep);
        if (now >= due && Interlocked.CompareExchange(ref _nextSweep, now + (long)s_kept.TotalMilliseconds, due) == due)
            Sweep(now);
        _sessions[session.Id] = session;
    }

    public void Remove(string id) => _sessions.TryRemove(id, out _);

    public static EngineException NotFound(string id) => EngineException.NotFound($"No such exec instance: {id}");

    /// <summary>Forgets those that ended long ago.</summary>
    /// <param name="now">Milliseconds of <see cref="Environment.TickCount64"/>.</param>
    internal void Sweep(long now)
    {
        foreach (var (id, session) in _sessions)
        {
            if (session.ExitCode is not null && now - session.EndedAt >= s_kept.TotalMilliseconds)
                _sessions.TryRemove(id, out _);
        }
    }
}
