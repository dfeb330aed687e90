using System.Globalization;
using System.Text;

namespace Hafen.Engine.Containers.Spec;

/// <summary>The identity of a container's process.</summary>
/// <param name="Uid">User.</param>
/// <param name="Gid">Group.</param>
/// <param name="AdditionalGids">Supplementary groups, the main one included (an empty list would lose it, CVE-2022-36109).</param>
/// <param name="Home">Home folder of the user, <c>/</c> when unknown.</param>
internal sealed record ContainerUser(uint Uid, uint Gid, uint[] AdditionalGids, string Home);

/// <summary>A user or group that cannot be found or makes no sense; the message is Docker's.</summary>
internal sealed class UserLookupException(string message) : Exception(message);

/// <summary>Finds <c>USER[:GROUP]</c> in the image's passwd(5) and group(5).</summary>
internal static class UserLookup
{
    private const long MostId = int.MaxValue;

    /// <param name="text">As in <c>--user</c>; empty for root.</param>
    /// <param name="additional"><c>--group-add</c>.</param>
    /// <param name="passwd">Content of <c>/etc/passwd</c>; empty when there is none.</param>
    /// <param name="group">Content of <c>/etc/group</c>; empty when there is none.</param>
    /// <exception cref="UserLookupException">Not found, or out of range (CVE-2024-40635: a number that wraps around becomes root).</exception>
    public static ContainerUser Find(string? text, IReadOnlyList<string>? additional, ReadOnlySpan<byte> passwd, ReadOnlySpan<byte> group)
    {
        int colon = (text ?? "").IndexOf(':', StringComparison.Ordinal);
        string userText = colon < 0 ? text ?? "" : text![..colon];
        string groupText = colon < 0 ? "" : text![(colon + 1)..];

        var user = FindUser(userText, passwd);
        long gid = user.Gid;
        var groups = new List<uint>();
        if (groupText.Length > 0)
        {
            gid = FindGroup(groupText, group, name => $"unable to find group {name}: no matching entries in group file");
        }
        else if (user.Name is not null)
        {
            foreach (var line in group.Split((byte)'\n'))
                if (IsMember(group[line], user.Name, out uint member)) Add(groups, member);
        }
        groups.Remove((uint)gid);
        groups.Insert(0, (uint)gid);
        foreach (string name in additional ?? []) Add(groups, (uint)FindGroup(name, group, static n => $"Unable to find group {n}"));
        return new ContainerUser((uint)user.Uid, (uint)gid, [.. groups], user.Home);
    }

    private static (long Uid, long Gid, string? Name, string Home) FindUser(string text, ReadOnlySpan<byte> passwd)
    {
        bool numeric = TryNumber(text, out long number);
        foreach (var line in passwd.Split((byte)'\n'))
        {
            if (!TryFields(passwd[line], 6, out string[] fields)) continue;
            if (!TryNumber(fields[2], out long uid) || !TryNumber(fields[3], out long gid)) continue;
            bool match = text.Length == 0 ? uid == 0 : fields[0] == text || (numeric && uid == number);
            if (!match) continue;
            if (uid is < 0 or > MostId || gid is < 0 or > MostId) throw OutOfRange();
            return (uid, gid, fields[0], fields[5].Length == 0 ? "/" : fields[5]);
        }
        if (text.Length == 0) return (0, 0, null, "/");
        if (!numeric)
        {
            // Digits only, and yet no number: too large for any.
            if (!text.AsSpan().ContainsAnyExceptInRange('0', '9')) throw OutOfRange();
            throw new UserLookupException($"unable to find user {text}: no matching entries in passwd file");
        }
        return number is >= 0 and <= MostId ? (number, 0, null, "/") : throw OutOfRange();
    }

    private static long FindGroup(string text, ReadOnlySpan<byte> group, Func<string, string> notFound)
    {
        bool numeric = TryNumber(text, out long number);
        foreach (var line in group.Split((byte)'\n'))
        {
            if (!TryFields(group[line], 3, out string[] fields) || !TryNumber(fields[2], out long gid)) continue;
            if (fields[0] != text && !(numeric && gid == number)) continue;
            return gid is >= 0 and <= MostId ? gid : throw OutOfRange();
        }
        if (!numeric) throw new UserLookupException(notFound(text));
        return number is >= 0 and <= MostId ? number : throw OutOfRange();
    }

    private static bool IsMember(ReadOnlySpan<byte> line, string user, out uint gid)
    {
        gid = 0;
        if (!TryFields(line, 4, out string[] fields)) return false;
        if (!TryNumber(fields[2], out long number) || number is < 0 or > MostId) return false;
        gid = (uint)number;
        return fields[3].Split(',').Contains(user, StringComparer.Ordinal);
    }

    private static bool TryFields(ReadOnlySpan<byte> line, int least, out string[] fields)
    {
        fields = [];
        line = line.Trim((byte)' ').TrimEnd((byte)'\r');
        if (line.IsEmpty || line[0] == '#') return false;
        fields = Encoding.UTF8.GetString(line).Split(':');
        return fields.Length >= least && fields[0].Length > 0;
    }

    private static bool TryNumber(string text, out long number)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static void Add(List<uint> groups, uint gid)
    {
        if (!groups.Contains(gid)) groups.Add(gid);
    }

    private static UserLookupException OutOfRange() => new("uids and gids must be in range 0-2147483647");
}
