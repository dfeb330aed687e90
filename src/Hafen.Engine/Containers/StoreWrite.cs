namespace Hafen.Engine.Containers;

/// <summary>The writes of the container store.</summary>
internal enum StoreWrite
{
    NewContainer,
    Record,
    State,
    Deletion,
}
