using System.Globalization;
using Hafen.Daemon.Configuration;

namespace Hafen.Daemon.Lifetime;

/// <summary>Makes sure that one daemon alone works on a folder, because whatever is in it and belongs to no container of its own is removed: a lock that vanishes with its process, whatever ends it.</summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <exception cref="SettingException">Another daemon holds the folder.</exception>
    /// <param name="root">The folder.</param>
    /// <param name="flag">The flag that chooses it.</param>
    public static InstanceLock Take(string root, string flag)
    {
        string path = Path.Combine(root, "hafend.lock");
        FileStream file;
        try
        {
            // An exclusive share is flock(2) underneath.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new SettingException($"another hafend works with {root} already (its lock is {path}): give this one a {flag} of its own", e);
        }
        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
        file.Flush();
        return new InstanceLock(file);
    }

    public void Dispose() => _file.Dispose();
}
