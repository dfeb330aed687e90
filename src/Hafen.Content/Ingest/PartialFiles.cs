using Hafen.Linux.Trees;
using Hafen.Oci;

namespace Hafen.Content.Ingest;

/// <summary>
/// What has been received in part: <c>ingest/&lt;algorithm&gt;-&lt;hex&gt;</c>, named by what the whole is expected to be, so that everybody who wants the blob goes on with
/// the same file. Streams whose digest is known only at their end lie beside under numbers, and go with the process.
/// </summary>
/// <param name="folder">Where they lie.</param>
/// <param name="turns">Who is at work on which.</param>
/// <param name="clock">Tells how old they are.</param>
/// <param name="lifetime">How long they wait.</param>
internal sealed class PartialFiles(string folder, WriterTurns turns, TimeProvider clock, TimeSpan lifetime)
{
    private long _serial;

    public string PathOf(Digest expected) => Path.Combine(folder, $"{expected.Algorithm}-{expected.Hex}");

    /// <summary>A name for a stream whose digest is not known.</summary>
    public string Unnamed() => Path.Combine(folder, $"{AtomicFile.TemporaryPrefix}{Interlocked.Increment(ref _serial)}");

    public IReadOnlyList<PartialContent> List()
    {
        List<PartialContent> list = [];
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
        {
            if (TryParse(file.Name, out var expected) && file.Exists)
                list.Add(new PartialContent(expected, file.Length, file.LastWriteTimeUtc));
        }

        return list;
    }

    /// <summary>Removes what nobody writes and what has waited for too long.</summary>
    public void Expire()
    {
        foreach (var partial in List().Where(partial => partial.Changed + lifetime < clock.GetUtcNow()))
            turns.IfIdle(partial.Expected, () => File.Delete(PathOf(partial.Expected)));
    }

    /// <summary>Removes what an earlier process has left and nobody can go on with.</summary>
    public void Clear()
    {
        foreach (string left in Directory.EnumerateFiles(folder))
        {
            if (!TryParse(Path.GetFileName(left), out _))
                File.Delete(left);
        }
    }

    private static bool TryParse(string name, out Digest expected)
    {
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        expected = default;
        return dash > 0 && Digest.TryParse($"{name[..dash]}:{name[(dash + 1)..]}", out expected);
    }
}
