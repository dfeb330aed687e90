using Hafen.Oci;

namespace Hafen.Content.Leases;

/// <summary>
/// Leases with a name on the disk: a file each with a digest a line, written behind what is there; the file's time is when the lease was opened or used last. Nothing is
/// fsynced: what a power cut takes from a lease costs a download again and no image (docs/decisions/0116).
/// </summary>
/// <param name="folder">Where they lie.</param>
/// <param name="clock">Tells how old they are.</param>
/// <param name="lifetime">How long they live unused.</param>
internal sealed class LeaseFiles(string folder, TimeProvider clock, TimeSpan lifetime)
{
    private const int LongestName = 128;

    /// <summary>All that are there. Lines that a crash has cut off are left out.</summary>
    public IEnumerable<LeaseState> Read()
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            LeaseState lease = new(Path.GetFileName(file));
            foreach (string line in File.ReadLines(file))
            {
                if (Digest.TryParse(line, out var digest))
                    lease.Held.Add(digest);
            }

            yield return lease;
        }
    }

    /// <exception cref="ArgumentException">The name cannot be a file's.</exception>
    public static void RequireName(string name)
    {
        bool good = name.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        if (!good)
            throw new ArgumentException($"invalid name of a lease \"{name}\"");
    }

    /// <summary>Says that the lease is used now; makes its file.</summary>
    public void Touch(string name) => Write(name, "");

    /// <summary>Writes a digest down.</summary>
    public void Append(string name, Digest digest)
        // A crash may have cut the line before off.
        => Write(name, $"\n{digest}\n");

    public bool IsOld(string name) => File.GetLastWriteTimeUtc(PathOf(name)) + lifetime < clock.GetUtcNow().UtcDateTime;

    public void Delete(string name) => File.Delete(PathOf(name));

    private void Write(string name, string text)
    {
        File.AppendAllText(PathOf(name), text);
        File.SetLastWriteTimeUtc(PathOf(name), clock.GetUtcNow().UtcDateTime);
    }

    private string PathOf(string name) => Path.Combine(folder, name);
}
