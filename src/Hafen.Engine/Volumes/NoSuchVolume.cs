namespace Hafen.Engine.Volumes;

/// <summary>What is said of a volume that is not there.</summary>
internal static class NoSuchVolume
{
    public static EngineException Named(string name) => EngineException.NotFound($"{(name.Length == 0 ? "get" : $"get {name}")}: no such volume");
}
