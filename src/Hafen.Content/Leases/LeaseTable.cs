using Hafen.Linux.FileSystem;
using Hafen.Oci;

namespace Hafen.Content.Leases;

/// <summary>
/// All leases of a store, and the gate between them and the collection: a blob is named, or removed because nobody names it, and never both.
/// </summary>
internal sealed class LeaseTable
{
    private readonly LeaseFiles _files;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LeaseState> _named;
    private readonly IReadOnlyDictionary<string, NewerVersionException> _leftAlone;
    // How many leases name a blob.
    private readonly Dictionary<Digest, int> _counts = [];
    // What was named at any time since the collection at work has begun.
    private HashSet<Digest>? _sinceBegin;

    /// <param name="files">Where leases with a name are kept; those of earlier processes are in force from now on.</param>
    public LeaseTable(LeaseFiles files)
    {
        _files = files;
        _named = files.Read(out _leftAlone).ToDictionary(lease => lease.Name!);
        foreach (var digest in _named.Values.SelectMany(lease => lease.Held))
            Add(digest);
    }

    /// <summary>A sentence on each lease that a newer release has written.</summary>
    public IReadOnlyList<string> LeftAlone => [.. _leftAlone.Values.Select(exception => exception.Message)];

    /// <summary>A handle more on the lease of this name, or on a new one of this process.</summary>
    /// <exception cref="NewerVersionException">A newer release has a lease of this name.</exception>
    public LeaseState Open(string? name)
    {
        lock (_gate)
        {
            if (name is null)
                return new LeaseState(null) { Handles = 1 };
            if (_leftAlone.TryGetValue(name, out var newer))
                throw newer;
            if (!_named.TryGetValue(name, out var lease))
                lease = _named[name] = new LeaseState(name);
            _files.Touch(name);
            lease.Handles++;
            return lease;
        }
    }

    public void Hold(LeaseState lease, Digest digest)
    {
        lock (_gate)
        {
            if (!lease.Held.Add(digest))
                return;
            try
            {
                // On the disk first: a crash may leave a name without blob, and no blob without name.
                if (lease.Name is not null)
                    _files.Append(lease.Name, digest);
            }
            catch
            {
                lease.Held.Remove(digest);
                throw;
            }

            Add(digest);
        }
    }

    /// <summary>As <see cref="Hold"/>, if the blob is there while it cannot be removed.</summary>
    public bool TryHold(LeaseState lease, Digest digest, Func<Digest, bool> exists)
    {
        lock (_gate)
        {
            if (!exists(digest))
                return false;
            Hold(lease, digest);
            return true;
        }
    }

    public void End(LeaseState lease)
    {
        lock (_gate)
            lease.Ended = true;
    }

    public void Close(LeaseState lease)
    {
        lock (_gate)
        {
            if (--lease.Handles > 0 || (lease.Name is not null && !lease.Ended))
                return;
            Drop(lease);
        }
    }

    /// <summary>Ends leases that nobody has opened or used for too long.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            foreach (var lease in _named.Values.Where(lease => lease.Handles == 0 && _files.IsOld(lease.Name!)).ToList())
                Drop(lease);
        }
    }

    /// <summary>From here on to <see cref="EndCollection"/> what is named stays, whatever becomes of the lease.</summary>
    public void BeginCollection()
    {
        lock (_gate)
            _sinceBegin = [.. _counts.Keys];
    }

    public void EndCollection()
    {
        lock (_gate)
            _sinceBegin = null;
    }

    /// <summary>Removes a blob that was not named since the collection has begun.</summary>
    public bool RemoveUnlessHeld(Digest digest, Action<Digest> remove)
    {
        lock (_gate)
        {
            if (_sinceBegin!.Contains(digest))
                return false;
            remove(digest);
            return true;
        }
    }

    private void Drop(LeaseState lease)
    {
        if (lease.Name is not null)
        {
            _files.Delete(lease.Name);
            _named.Remove(lease.Name);
        }

        foreach (var digest in lease.Held)
        {
            if (--_counts[digest] == 0)
                _counts.Remove(digest);
        }

        lease.Held.Clear();
    }

    private void Add(Digest digest)
    {
        _counts[digest] = _counts.GetValueOrDefault(digest) + 1;
        _sinceBegin?.Add(digest);
    }
}
