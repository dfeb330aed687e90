using Hafen.Oci;

namespace Hafen.Content.Ingest;

/// <summary>One writer for a blob at a time; others wait for their turn.</summary>
internal sealed class WriterTurns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, Turn> _turns = [];

    /// <summary>Waits for one's turn, which is given back by disposing it.</summary>
    /// <returns>Null when it did not come in time.</returns>
    public async Task<IDisposable?> TakeAsync(Digest digest, TimeSpan limit, CancellationToken cancellationToken)
    {
        Turn? turn;
        lock (_gate)
        {
            if (!_turns.TryGetValue(digest, out turn))
                turn = _turns[digest] = new Turn(this, digest);
            turn.Users++;
        }

        bool taken = false;
        try
        {
            taken = await turn.Free.WaitAsync(limit, cancellationToken);
            return taken ? new Holder(turn) : null;
        }
        finally
        {
            if (!taken)
                Leave(turn);
        }
    }

    /// <summary>Does something while nobody writes the blob; leaves it undone when somebody does.</summary>
    public void IfIdle(Digest digest, Action action)
    {
        lock (_gate)
        {
            if (!_turns.ContainsKey(digest))
                action();
        }
    }

    private void Leave(Turn turn)
    {
        lock (_gate)
        {
            if (--turn.Users > 0)
                return;
            _turns.Remove(turn.Digest);
            turn.Free.Dispose();
        }
    }

    private sealed class Turn(WriterTurns turns, Digest digest)
    {
        public WriterTurns Turns => turns;

        public Digest Digest => digest;

        public SemaphoreSlim Free { get; } = new(1);

        /// <summary>Who has it, and who waits for it.</summary>
        public int Users { get; set; }
    }

    private sealed class Holder(Turn turn) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) != 0)
                return;
            turn.Free.Release();
            turn.Turns.Leave(turn);
        }
    }
}
