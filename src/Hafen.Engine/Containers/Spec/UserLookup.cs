using System.Text;

namespace Hafen.Engine.Containers.Spec;

/// <summary>
/// Finds <c>USER[:GROUP]</c> in the image's passwd(5) and group(5). A number is an ID and never a name: an image that calls its root <c>1000</c> does not
/// turn <c>--user 1000</c> into root (CVE-2016-3697). The files are an image's and not to be trusted: one walk over each, in memory that does not grow with them.
/// </summary>
internal static class UserLookup
{
    /// <summary>NGROUPS_MAX: the kernel takes no more.</summary>
    private const int MostGroups = 65536;

    /// <param name="text">As in <c>--user</c>; empty for root.</param>
    /// <param name="additional"><c>--group-add</c>.</param>
    /// <param name="passwd">Content of <c>/etc/passwd</c>; empty when there is none.</param>
    /// <param name="group">Content of <c>/etc/group</c>; empty when there is none.</param>
    /// <exception cref="UserLookupException">Not found, or out of range (CVE-2024-40635: a number that wraps around becomes root).</exception>
    public static ContainerUser Find(string? text, IReadOnlyList<string>? additional, ReadOnlySpan<byte> passwd, ReadOnlySpan<byte> group)
    {
        // What follows a second colon says nothing.
        string[] parts = (text ?? "").Split(':');
        string groupText = parts.Length > 1 ? parts[1] : "";

        var user = FindUser(parts[0], passwd);
        uint gid = user.Gid;
        var groups = new List<uint>();
        var known = new HashSet<uint>();
        if (groupText.Length > 0)
        {
            gid = FindGroup(groupText, group);
            Add(gid);
        }
        else
        {
            Add(gid);
            // Who has no name is nobody's member.
            if (user.Name is null)
                group = default;
            foreach (var line in group.Split((byte)'\n'))
            {
                if (GroupEntry.TryRead(group[line], out var entry) && entry.Has(user.Name!))
                    Add(entry.Gid);
            }
        }
        foreach (string name in additional ?? [])
            Add(FindGroup(name, group));
        return new ContainerUser(user.Uid, gid, [.. groups], user.Home);

        void Add(uint id)
        {
            if (!known.Add(id))
                return;
            if (groups.Count == MostGroups)
                throw new UserLookupException($"too many groups: a process can be in {MostGroups}");
            groups.Add(id);
        }
    }

    private static (uint Uid, uint Gid, string? Name, string Home) FindUser(string text, ReadOnlySpan<byte> passwd)
    {
        var id = UserId.Read(text);
        if (id.Kind == UserIdKind.OutOfRange)
            throw OutOfRange();
        byte[] name = Encoding.UTF8.GetBytes(text);
        foreach (var line in passwd.Split((byte)'\n'))
        {
            var entry = new Fields(passwd[line]);
            if (!entry.TryTake(out var entryName) || entryName.IsEmpty || entryName[0] == '#')
                continue;
            if (!entry.TrySkip() || !entry.TryTake(out var uidText) || !entry.TryTake(out var gidText))
                continue;
            var uid = UserId.Read(uidText);
            var gid = UserId.Read(gidText);
            if (uid.Kind == UserIdKind.None || gid.Kind == UserIdKind.None)
                continue;
            bool match = id.Kind == UserIdKind.Number
                ? uid == id
                : text.Length == 0 ? uid is { Kind: UserIdKind.Number, Value: 0 } : entryName.SequenceEqual(name);
            if (!match)
                continue;
            if (uid.Kind == UserIdKind.OutOfRange || gid.Kind == UserIdKind.OutOfRange)
                throw OutOfRange();
            entry.TrySkip();
            entry.TryTake(out var home);
            return (uid.Value, gid.Value, Encoding.UTF8.GetString(entryName), Home(home));
        }
        if (text.Length == 0)
            return (0, 0, null, "/");
        return id.Kind == UserIdKind.Number
            ? (id.Value, 0, null, "/")
            : throw new UserLookupException($"unable to find user {text}: no matching entries in passwd file");
    }

    private static uint FindGroup(string text, ReadOnlySpan<byte> group)
    {
        // Whatever the image calls it, a number is the group of that number.
        var id = UserId.Read(text);
        if (id.Kind == UserIdKind.Number)
            return id.Value;
        if (id.Kind == UserIdKind.OutOfRange)
            throw OutOfRange();
        byte[] name = Encoding.UTF8.GetBytes(text);
        foreach (var line in group.Split((byte)'\n'))
        {
            var entry = new Fields(group[line]);
            if (!entry.TryTake(out var entryName) || entryName.IsEmpty || !entryName.SequenceEqual(name))
                continue;
            if (!entry.TrySkip() || !entry.TryTake(out var gidText))
                continue;
            var gid = UserId.Read(gidText);
            if (gid.Kind == UserIdKind.OutOfRange)
                throw OutOfRange();
            if (gid.Kind == UserIdKind.Number)
                return gid.Value;
        }
        throw new UserLookupException($"unable to find group {text}: no matching entries in group file");
    }

    /// <summary>It becomes a variable, which a null byte would cut.</summary>
    private static string Home(ReadOnlySpan<byte> home) => home.IsEmpty || home.Contains((byte)0) ? "/" : Encoding.UTF8.GetString(home);

    private static UserLookupException OutOfRange() => new("uids and gids must be in range 0-2147483647");

    /// <summary>A line of group(5).</summary>
    private readonly ref struct GroupEntry(uint gid, ReadOnlySpan<byte> members)
    {
        private readonly ReadOnlySpan<byte> _members = members;

        public uint Gid { get; } = gid;

        /// <summary>False for what is no group, or has no number of a group.</summary>
        public static bool TryRead(ReadOnlySpan<byte> line, out GroupEntry entry)
        {
            entry = default;
            var fields = new Fields(line);
            if (!fields.TryTake(out var name) || name.IsEmpty || name[0] == '#')
                return false;
            if (!fields.TrySkip() || !fields.TryTake(out var number) || !fields.TryTake(out var members))
                return false;
            if (UserId.Read(number) is not { Kind: UserIdKind.Number, Value: var gid })
                return false;
            entry = new GroupEntry(gid, members);
            return true;
        }

        public bool Has(string user)
        {
            Span<byte> name = stackalloc byte[256];
            // No longer name is a user's: useradd(8) allows 32 characters.
            if (!Encoding.UTF8.TryGetBytes(user, name, out int length))
                return false;
            foreach (var member in _members.Split((byte)','))
            {
                if (_members[member].SequenceEqual(name[..length]))
                    return true;
            }
            return false;
        }
    }

    /// <summary>The fields of a line, one after the other.</summary>
    private ref struct Fields(ReadOnlySpan<byte> line)
    {
        private ReadOnlySpan<byte> _rest = line;
        private bool _used;

        /// <summary>The next field without blanks around it; false when there is none left.</summary>
        public bool TryTake(out ReadOnlySpan<byte> field)
        {
            field = default;
            if (_used)
                return false;
            int colon = _rest.IndexOf((byte)':');
            _used = colon < 0;
            field = (_used ? _rest : _rest[..colon]).Trim(" \t\r"u8);
            _rest = _used ? default : _rest[(colon + 1)..];
            return true;
        }

        public bool TrySkip() => TryTake(out _);
    }
}
