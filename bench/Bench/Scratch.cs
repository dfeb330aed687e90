namespace Hafen.Bench;

/// <summary>The folder of a run, gone with it.</summary>
internal sealed class Scratch(string folder) : IDisposable
{
    public void Dispose() => Directory.Delete(folder, recursive: true);
}
