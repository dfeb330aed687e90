namespace Hafen.EndToEnd.Environment;

/// <summary>A folder of one test.</summary>
public sealed class Scratch : IDisposable
{
    public string Path { get; } = TestRun.NewFolder("scratch");

    /// <summary>A path inside it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Command.Run("rm", "-rf", "--one-file-system", Path);
}
