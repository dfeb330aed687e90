namespace Hafen.Volumes.Turns;

/// <summary>
/// What the table has under one name: the volume, who uses it, whose turn it is. It is there as long as the volume is, or as somebody has or awaits a turn. All of it is
/// guarded by the table's lock.
/// </summary>
internal sealed class VolumeEntry(string name)
{
    public string Name => name;

    /// <summary>Null while there is no volume of that name.</summary>
    public KnownVolume? Known { get; set; }

    /// <summary>It is being removed: nobody begins to use it.</summary>
    public bool Leaving { get; set; }

    /// <summary>Who holds it or has it mounted; null when nobody does.</summary>
    public HashSet<string>? Users { get; set; }

    /// <summary>Somebody has the turn.</summary>
    public bool Taken { get; set; }

    /// <summary>Those who await theirs, in order of arrival; null when nobody ever had to.</summary>
    public LinkedList<TaskCompletionSource>? Waiting { get; set; }
}
