using Hafen.Daemon.Configuration;
using Hafen.Linux.FileSystem;
using Hafen.Linux;
using Hafen.Linux.Trees;

namespace Hafen.Daemon.Http.Transport;

/// <summary>The group whose members may use the daemon's unix sockets.</summary>
internal static class SocketGroup
{
    private static readonly string[] s_usual = ["hafen", "docker"];

    /// <summary>Gives a socket to the group.</summary>
    /// <param name="group">Name or number; null for the first usual one there is, or root's when there is none.</param>
    /// <exception cref="SettingException">A group that was asked for does not exist.</exception>
    public static void Apply(string path, string? group)
    {
        string[] lines = File.Exists("/etc/group") ? File.ReadAllLines("/etc/group") : [];
        uint id;
        if (group is null)
            id = s_usual.Select(name => Find(lines, name)).FirstOrDefault(found => found is not null) ?? 0;
        else if (!uint.TryParse(group, out id))
            id = Find(lines, group) ?? throw new SettingException($"group {group} not found");
        int result = TreeCalls.ChangeOwner(OpenFlags.AT_FDCWD, path, 0, id);
        if (result < 0)
            throw new LinuxException(-result, "chown", path);
    }

    /// <summary>Number of a group in the lines of group(5).</summary>
    internal static uint? Find(IEnumerable<string> lines, string name)
    {
        foreach (string line in lines)
        {
            string[] fields = line.Split(':');
            if (fields.Length >= 3 && fields[0] == name && uint.TryParse(fields[2], out uint id))
                return id;
        }
        return null;
    }
}
