namespace Hafen.Volumes.Tests.Fakes;

/// <summary>Where a fake driver's content is: elsewhere, and there for every driver that knows the place.</summary>
/// <param name="folder">Its place.</param>
internal sealed class FakeServer(string folder)
{
    private readonly Dictionary<string, DateTimeOffset> _made = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Names => [.. _made.Keys];

    public DateTimeOffset? Find(string name) => _made.TryGetValue(name, out var made) ? made : null;

    public string Path(string name) => System.IO.Path.Combine(folder, name);

    public void Make(string name)
    {
        Directory.CreateDirectory(Path(name));
        _made[name] = DateTimeOffset.UtcNow;
    }

    public void Remove(string name)
    {
        if (_made.Remove(name))
            Directory.Delete(Path(name), recursive: true);
    }
}
