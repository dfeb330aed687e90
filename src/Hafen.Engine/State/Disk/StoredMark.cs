namespace Hafen.Engine.State.Disk;

/// <summary>The value <c>{}</c> of sets, whose members are the names of an object.</summary>
internal sealed record StoredMark
{
    public static StoredMark Value { get; } = new();
}
