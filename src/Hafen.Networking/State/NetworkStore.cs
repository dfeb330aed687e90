using System.Security.Cryptography;
using System.Text.Json;
using Hafen.Linux.FileSystem;
using Microsoft.Win32.SafeHandles;
using LinuxFiles = Hafen.Linux.FileSystem.Files;

namespace Hafen.Networking.State;

/// <summary>The networks' records: one file <c>&lt;id&gt;.json</c> each, replaced as a whole.</summary>
public sealed class NetworkStore(string folder)
{
    /// <summary>All readable records. A file that cannot be understood is set aside as <c>.broken</c>: the daemon starts all the same.</summary>
    public IReadOnlyList<NetworkRecord> Load()
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var records = new List<NetworkRecord>();
        foreach (string path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            if (Read(path) is { } record)
                records.Add(record);
            else
                File.Move(path, path + ".broken", overwrite: true);
        }
        return records;
    }

    /// <summary>Writes a record so that a reader sees the old one or the new one, also after a power cut.</summary>
    public void Save(NetworkRecord record)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string path = Path.Combine(folder, record.Id + ".json");
        string temporary = path + ".new";
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, JsonSerializer.SerializeToUtf8Bytes(record, NetworkJson.Default.NetworkRecord), 0);
            RandomAccess.FlushToDisk(file);
        }
        File.Move(temporary, path, overwrite: true);
        using var opened = LinuxFiles.Open(folder, OpenFlags.O_RDONLY);
        using var directory = new SafeFileHandle(opened.Release(), ownsHandle: true);
        RandomAccess.FlushToDisk(directory);
    }

    /// <summary>A new identity of 64 hexadecimal digits.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static NetworkRecord? Read(string path)
    {
        try
        {
            var record = JsonSerializer.Deserialize(File.ReadAllBytes(path), NetworkJson.Default.NetworkRecord);
            return record is not null && Path.GetFileNameWithoutExtension(path) == record.Id ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
