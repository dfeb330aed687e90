using System.Globalization;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Cgroups;

/// <summary>
/// Which devices a cgroup may use: a default, and exceptions from it. A list of rules, each overriding those before it, comes down
/// to this form, which both the v1 files and the v2 program express directly.
/// </summary>
public sealed class DevicePolicy
{
    private readonly Dictionary<DeviceEntry, DeviceAccess> _exceptions = [];

    private DevicePolicy(bool allowsByDefault) => AllowsByDefault = allowsByDefault;

    /// <summary>True: everything but the exceptions is allowed. False: only the exceptions are.</summary>
    public bool AllowsByDefault { get; private set; }

    public IReadOnlyDictionary<DeviceEntry, DeviceAccess> Exceptions => _exceptions;

    /// <summary>
    /// The devices every container may use whatever the spec's rules say, as the runtime specification demands of its default devices,
    /// with <c>mknod</c> of anything, and <c>/dev/net/tun</c>, which users of other runtimes rely on.
    /// </summary>
    public static IReadOnlyList<SpecDeviceRule> AlwaysAllowed { get; } =
    [
        Allow("c", null, null, "m"), Allow("b", null, null, "m"),
        Allow("c", 1, 3), Allow("c", 1, 5), Allow("c", 1, 7), Allow("c", 1, 8), Allow("c", 1, 9), // null zero full random urandom
        Allow("c", 5, 0), Allow("c", 5, 2), Allow("c", 136, null), // tty ptmx pts
        Allow("c", 10, 200), // net/tun
    ];

    /// <summary>The rules Docker writes into a container's spec before the user's own.</summary>
    public static IReadOnlyList<SpecDeviceRule> DockerDefaults { get; } =
    [
        new() { Allow = false, Access = "rwm" },
        Allow("c", 1, 5), Allow("c", 1, 3), Allow("c", 1, 9), Allow("c", 1, 8), Allow("c", 5, 0), Allow("c", 5, 1),
        new() { Allow = false, Type = "c", Major = 10, Minor = 229, Access = "rwm" }, // fuse
    ];

    /// <summary>The policy of a container: the spec's rules, then <see cref="AlwaysAllowed"/>. No rules deny all else.</summary>
    /// <exception cref="CgroupException">A malformed rule, or one that would deny part of a group of devices.</exception>
    public static DevicePolicy ForContainer(IReadOnlyList<SpecDeviceRule>? rules) => FromRules([.. rules ?? [], .. AlwaysAllowed]);

    /// <summary>What a list of rules comes down to, starting from nothing allowed.</summary>
    /// <exception cref="CgroupException">A malformed rule, or one that would deny part of a group of devices.</exception>
    public static DevicePolicy FromRules(IEnumerable<SpecDeviceRule> rules)
    {
        var policy = new DevicePolicy(allowsByDefault: false);
        foreach (var rule in rules)
            policy.Apply(rule);
        return policy;
    }

    /// <summary>The policy a v1 cgroup has, from the text of its <c>devices.list</c>.</summary>
    /// <exception cref="CgroupException">Text the kernel does not write.</exception>
    public static DevicePolicy FromList(string text)
    {
        var policy = new DevicePolicy(allowsByDefault: false);
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ', ':');
            if (words.Length != 4)
                throw new CgroupException($"devices.list: unexpected line \"{line}\"");
            policy.Apply(new SpecDeviceRule
            {
                Allow = true,
                Type = words[0],
                Major = words[1] == "*" ? null : long.Parse(words[1], CultureInfo.InvariantCulture),
                Minor = words[2] == "*" ? null : long.Parse(words[2], CultureInfo.InvariantCulture),
                Access = words[3],
            });
        }

        return policy;
    }

    /// <summary>
    /// The v1 writes that lead from what a cgroup has to this policy: the file (<c>devices.allow</c> or <c>devices.deny</c>) and the
    /// text. What stays allowed is never taken away in between. A null origin is an unknown one: the list starts anew.
    /// </summary>
    public IEnumerable<(string File, string Text)> LegacyWrites(DevicePolicy? from)
    {
        // While everything is allowed by default, devices.list does not show the exceptions: they are unknown.
        bool anew = from is null || from.AllowsByDefault != AllowsByDefault || AllowsByDefault;
        if (anew)
            yield return (AllowsByDefault ? "devices.allow" : "devices.deny", "a");
        string add = AllowsByDefault ? "devices.deny" : "devices.allow";
        string remove = AllowsByDefault ? "devices.allow" : "devices.deny";
        foreach (var (entry, access) in _exceptions)
        {
            var present = anew ? DeviceAccess.None : from!._exceptions.GetValueOrDefault(entry);
            if ((access & ~present) != 0)
                yield return (add, entry.ToText(access & ~present));
        }

        if (anew)
            yield break;
        foreach (var (entry, present) in from!._exceptions)
        {
            var surplus = present & ~_exceptions.GetValueOrDefault(entry);
            if (surplus != 0)
                yield return (remove, entry.ToText(surplus));
        }
    }

    /// <summary>Whether an access is allowed; for the tests of what is written and compiled.</summary>
    public bool Allows(char type, long major, long minor, DeviceAccess access)
    {
        var device = new DeviceEntry(type, major, minor);
        if (AllowsByDefault)
            return !_exceptions.Any(exception => exception.Key.Overlaps(device) && (exception.Value & access) != 0);
        return _exceptions.Any(exception => exception.Key.Overlaps(device) && (access & ~exception.Value) == 0);
    }

    private void Apply(SpecDeviceRule rule)
    {
        if (string.IsNullOrEmpty(rule.Type) || rule.Type == "a")
        {
            AllowsByDefault = rule.Allow;
            _exceptions.Clear();
            return;
        }

        var entry = Entry(rule);
        var access = Access(rule.Access);
        if (rule.Allow != AllowsByDefault)
            _exceptions[entry] = _exceptions.GetValueOrDefault(entry) | access;
        else
            Remove(entry, access);
    }

    private void Remove(DeviceEntry entry, DeviceAccess access)
    {
        foreach (var (other, held) in _exceptions)
        {
            // v1 keeps a plain list: a hole in a group cannot be written down, and silently leaving it out would open the device.
            if (other != entry && other.Overlaps(entry) && IsWider(other, entry) && (held & access) != 0)
            {
                throw new CgroupException(
                    $"device rule \"{entry.ToText(access)}\" would make an exception from \"{other.ToText(held)}\", which cgroups cannot express");
            }
        }

        var left = _exceptions.GetValueOrDefault(entry) & ~access;
        if (left == DeviceAccess.None)
            _exceptions.Remove(entry);
        else
            _exceptions[entry] = left;

        // A wider rule takes the narrower exceptions with it.
        foreach (var narrow in _exceptions.Keys.Where(other => other != entry && other.Overlaps(entry)).ToArray())
        {
            var rest = _exceptions[narrow] & ~access;
            if (rest == DeviceAccess.None)
                _exceptions.Remove(narrow);
            else
                _exceptions[narrow] = rest;
        }
    }

    private static bool IsWider(DeviceEntry one, DeviceEntry other) =>
        (one.Major == DeviceEntry.Any && other.Major != DeviceEntry.Any) || (one.Minor == DeviceEntry.Any && other.Minor != DeviceEntry.Any);

    private static DeviceEntry Entry(SpecDeviceRule rule)
    {
        char type = rule.Type switch
        {
            "c" or "u" => 'c',
            "b" => 'b',
            _ => throw new CgroupException($"invalid device rule: unknown type \"{rule.Type}\""),
        };
        return new DeviceEntry(type, Number(rule.Major, "major"), Number(rule.Minor, "minor"));
    }

    private static long Number(long? value, string what) => value switch
    {
        null or DeviceEntry.Any => DeviceEntry.Any,
        >= 0 and <= int.MaxValue => value.Value,
        _ => throw new CgroupException($"invalid device rule: {what} {value} is out of range"),
    };

    private static DeviceAccess Access(string? text)
    {
        var access = DeviceAccess.None;
        foreach (char letter in string.IsNullOrEmpty(text) ? "rwm" : text)
        {
            access |= letter switch
            {
                'r' => DeviceAccess.Read,
                'w' => DeviceAccess.Write,
                'm' => DeviceAccess.Mknod,
                _ => throw new CgroupException($"invalid device rule: unknown access \"{text}\""),
            };
        }

        return access;
    }

    private static SpecDeviceRule Allow(string type, long? major, long? minor, string access = "rwm") =>
        new() { Allow = true, Type = type, Major = major, Minor = minor, Access = access };
}
