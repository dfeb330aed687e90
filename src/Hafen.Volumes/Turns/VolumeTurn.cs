namespace Hafen.Volumes.Turns;

/// <summary>The right to change one volume; dispose it to give it back.</summary>
internal readonly struct VolumeTurn(VolumeTable table, VolumeEntry entry) : IDisposable
{
    /// <summary>The volume as it is now; null when there is none.</summary>
    public KnownVolume? Known => table.Known(entry);

    /// <summary>Whether somebody holds it or has it mounted.</summary>
    public bool HasUsers => table.HasUsers(entry);

    /// <summary>It is there from now on.</summary>
    public void Appear(KnownVolume known) => table.Appear(entry, known);

    /// <summary>Counts somebody who uses the volume.</summary>
    /// <returns>False when that one is counted already.</returns>
    public bool AddUser(string user) => table.AddUser(entry, user);

    /// <inheritdoc cref="VolumeTable.RemoveUser(string, string)"/>
    public bool RemoveUser(string user) => table.RemoveUser(entry, user);

    /// <summary>Keeps others from beginning to use the volume.</summary>
    /// <returns>Those who use it, in which case nothing has changed; null when nobody does.</returns>
    public IReadOnlyList<string>? BeginRemoval() => table.BeginRemoval(entry);

    /// <summary>It stays.</summary>
    public void GiveUpRemoval() => table.GiveUpRemoval(entry);

    /// <summary>It is gone.</summary>
    public void Disappear() => table.Disappear(entry);

    public void Dispose() => table.Leave(entry);
}
