using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hafen.Linux.FileSystem;
using Microsoft.Win32.SafeHandles;
using LinuxFiles = Hafen.Linux.FileSystem.Files;

namespace Hafen.Networking.State;

/// <summary>What is remembered of the networks: one file <c>&lt;id&gt;.json</c> each, replaced as a whole, and <c>host/forwarding.json</c>.</summary>
public sealed class NetworkStore(string folder)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _host = Path.Combine(folder, "host");

    private string ForwardingFile => Path.Combine(_host, "forwarding.json");

    /// <summary>All readable records. A file that cannot be understood is set aside as <c>.broken</c>: the daemon starts all the same.</summary>
    /// <param name="leftAlone">Of each file that a newer release has written, why it is not among them. It stays where it is.</param>
    public IReadOnlyList<NetworkRecord> Load(out IReadOnlyList<string> leftAlone)
    {
        Directory.CreateDirectory(folder, Private);
        var records = new List<NetworkRecord>();
        var newer = new List<string>();
        foreach (string path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            try
            {
                if (Read(path, NetworkJson.Default.NetworkRecord, NetworkRecord.CurrentVersion) is { } record && Path.GetFileNameWithoutExtension(path) == record.Id)
                    records.Add(record);
                else
                    SetAside(path);
            }
            catch (NewerVersionException exception)
            {
                newer.Add(exception.Message);
            }
        }
        leftAlone = newer;
        return records;
    }

    /// <summary>Writes a record so that a reader sees the old one or the new one, also after a power cut.</summary>
    public void Save(NetworkRecord record) => Write(Path.Combine(folder, record.Id + ".json"), record, NetworkJson.Default.NetworkRecord);

    /// <summary>Forgets a network.</summary>
    public void Delete(string id)
    {
        File.Delete(Path.Combine(folder, id + ".json"));
        Flush(folder);
    }

    /// <summary>What is known of the host's forwarding; null when nothing is.</summary>
    /// <exception cref="NewerVersionException">A newer release has written it down; what this one decides is not to be written over it.</exception>
    public ForwardingRecord? LoadForwarding()
    {
        if (!File.Exists(ForwardingFile))
            return null;
        var record = Read(ForwardingFile, NetworkJson.Default.ForwardingRecord, ForwardingRecord.CurrentVersion);
        if (record is null)
            SetAside(ForwardingFile);
        return record;
    }

    /// <inheritdoc cref="Save"/>
    public void SaveForwarding(ForwardingRecord record) => Write(ForwardingFile, record, NetworkJson.Default.ForwardingRecord);

    /// <summary>A new identity of 64 hexadecimal digits.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static void Write<T>(string path, T record, JsonTypeInfo<T> type)
    {
        string home = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(home, Private);
        string temporary = path + ".new";
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, JsonSerializer.SerializeToUtf8Bytes(record, type), 0);
            RandomAccess.FlushToDisk(file);
        }
        File.Move(temporary, path, overwrite: true);
        Flush(home);
    }

    private static void Flush(string home)
    {
        using var opened = LinuxFiles.Open(home, OpenFlags.O_RDONLY);
        using var directory = new SafeFileHandle(opened.Release(), ownsHandle: true);
        RandomAccess.FlushToDisk(directory);
    }

    private static void SetAside(string path) => File.Move(path, path + ".broken", overwrite: true);

    private static T? Read<T>(string path, JsonTypeInfo<T> type, int newest)
        where T : class
    {
        try
        {
            return VersionedJson.Read(path, type, newest);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
