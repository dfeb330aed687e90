using System.Globalization;
using Hafen.Daemon.Configuration;
using Hafen.Linux.FileSystem;

namespace Hafen.Daemon.Lifetime;

/// <summary>Makes sure that one daemon alone works on a folder, because whatever is in it and belongs to no container of its own is removed: a lock that vanishes with its process, whatever ends it.</summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _path;

    private InstanceLock(FileStream file, string path)
    {
        _file = file;
        _path = path;
    }

    /// <exception cref="SettingException">Another daemon holds the folder.</exception>
    /// <param name="root">The folder.</param>
    /// <param name="flag">The flag that chooses it.</param>
    public static InstanceLock Take(string root, string flag)
    {
        string path = Path.Combine(root, "hafend.lock");
        FileStream file;
        while (true)
        {
            try
            {
                // An exclusive share is flock(2) underneath.
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception)
            {
                throw new SettingException($"another hafend works with {root} already (its lock is {path}): give this one a {flag} of its own", exception);
            }
            // Who held it before may have deleted it since it was opened here: a lock on a file without a name locks nobody out.
            if (FileStatus.Of((int)file.SafeFileHandle.DangerousGetHandle()).stx_nlink > 0)
                break;
            file.Dispose();
        }
        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
        file.Flush();
        return new InstanceLock(file, path);
    }

    /// <summary>Deletes the file while it is held, and lets go of it.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It says nothing to anybody without its lock.
        }
        _file.Dispose();
    }
}
