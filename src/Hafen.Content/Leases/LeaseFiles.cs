using System.Globalization;
using Hafen.Linux.FileSystem;
using Hafen.Oci;

namespace Hafen.Content.Leases;

/// <summary>
/// Leases with a name on the disk: a file each with its version in the first line and a digest in each other one, written behind what is there; the file's time is when the lease was opened or used last. Nothing is
/// fsynced: what a power cut takes from a lease costs a download again and no image (docs/decisions/0116).
/// </summary>
/// <param name="folder">Where they lie.</param>
/// <param name="clock">Tells how old they are.</param>
/// <param name="lifetime">How long they live unused.</param>
internal sealed class LeaseFiles(string folder, TimeProvider clock, TimeSpan lifetime)
{
    private const int LongestName = 128;
    // Files of the first release begin with a digest.
    private const int CurrentVersion = 1;
    private const string VersionWord = "version ";

    /// <summary>All that are there. Lines that a crash has cut off are left out.</summary>
    /// <param name="leftAlone">What a newer release has written, by name.</param>
    public IReadOnlyList<LeaseState> Read(out IReadOnlyDictionary<string, NewerVersionException> leftAlone)
    {
        List<LeaseState> leases = [];
        Dictionary<string, NewerVersionException> newer = [];
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            string name = Path.GetFileName(file);
            string[] lines = File.ReadAllLines(file);
            string? version = lines is [var first, ..] && first.StartsWith(VersionWord, StringComparison.Ordinal) ? first[VersionWord.Length..] : null;
            if (IsNewer(version))
            {
                newer[name] = new NewerVersionException(file, version!, CurrentVersion);
                continue;
            }

            LeaseState lease = new(name);
            foreach (string line in lines)
            {
                if (Digest.TryParse(line, out var digest))
                    lease.Held.Add(digest);
            }

            leases.Add(lease);
        }

        leftAlone = newer;
        return leases;
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

    // A crash may have cut the line off behind its word.
    private static bool IsNewer(string? version)
        => !string.IsNullOrEmpty(version) && !(int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= CurrentVersion);

    private void Write(string name, string text)
    {
        if (!File.Exists(PathOf(name)))
            text = $"{VersionWord}{CurrentVersion}\n{text}";
        File.AppendAllText(PathOf(name), text);
        File.SetLastWriteTimeUtc(PathOf(name), clock.GetUtcNow().UtcDateTime);
    }

    private string PathOf(string name) => Path.Combine(folder, name);
}
