using System.Net;
using Hafen.Api;
using Hafen.Daemon.Configuration;
using Hafen.Engine;
using Hafen.Errors;
using Hafen.Logging;
using Hafen.Networking;

namespace Hafen.Daemon.Composition;

/// <summary>The operator's settings as the rooms want them.</summary>
internal static class EngineSettings
{
    private const string NoBridge = "none";

    /// <exception cref="SettingException">A value is malformed.</exception>
    public static EngineOptions Engine(DaemonSettings settings, DaemonPaths paths)
    {
        var defaults = new EngineOptions { Root = paths.Root, RunRoot = paths.RunRoot, CgroupParent = EngineOptions.CgroupParentFor(paths.Root) };
        return defaults with
        {
            InitPath = paths.Init,
            DefaultInit = settings.Init,
            CgroupParent = settings.CgroupParent is { } parent ? "/" + parent.Trim('/') : defaults.CgroupParent,
            DefaultShmSize = settings.DefaultShmSize is { } size ? Sizes.Parse(size) : defaults.DefaultShmSize,
            DefaultIpcMode = IpcMode(settings.DefaultIpcMode) ?? defaults.DefaultIpcMode,
            DefaultStopTimeout = settings.DefaultStopTimeout ?? defaults.DefaultStopTimeout,
            DefaultLogDriver = LogDriver(settings.LogDriver) ?? defaults.DefaultLogDriver,
            DefaultLogOptions = Pairs("log-opt", settings.LogOptions),
            DefaultUlimits = [.. Pairs("default-ulimit", settings.DefaultUlimits).Select(pair => Ulimit(pair.Key, pair.Value))],
            Dns = settings.Dns,
            DnsSearch = settings.DnsSearch,
            DnsOptions = settings.DnsOptions,
            HostGateway = Address(settings.HostGateway),
            NoNewPrivileges = settings.NoNewPrivileges,
        };
    }

    public static NetworkOptions Networks(DaemonSettings settings, DaemonPaths paths)
    {
        var defaults = new NetworkOptions { StateRoot = paths.Root };
        if (settings is { Bridge: not null, BridgeName: not null })
            throw new SettingException("bridge and bridge-name exclude each other: one names a bridge that is there, the other one that is made");
        bool without = settings.Bridge == NoBridge;
        string bridge = (without ? null : settings.Bridge) ?? settings.BridgeName ?? defaults.BridgeName;
        return defaults with
        {
            WithoutBridge = without,
            BridgeName = bridge,
            TableName = bridge != defaults.BridgeName ? FirewallTable(defaults.TableName, bridge) : defaults.TableName,
            Bip = settings.Bip,
            FixedCidr = settings.FixedCidr,
            Mtu = settings.Mtu,
            EnableFirewall = settings.Firewall,
            EnableForwarding = settings.Forwarding,
            EnableMasquerade = settings.Masquerade,
        };
    }

    /// <summary>Whether a bridge of somebody else has to be there.</summary>
    public static bool NeedsBridge(DaemonSettings settings) => settings.Bridge is not (null or NoBridge) && settings.Bridge != new NetworkOptions { StateRoot = "" }.BridgeName;

    /// <summary>Daemons with bridges of their own have rules of their own; each replaces its table as a whole.</summary>
    internal static string FirewallTable(string usual, string bridge)
        => $"{usual}_{string.Concat(bridge.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'))}";

    private static string? IpcMode(string? mode) => mode is null or "private" or "shareable" ? mode
        : throw new SettingException($"IPC mode \"{mode}\" is not supported as default: use private or shareable");

    private static string? LogDriver(string? driver)
    {
        try
        {
            if (driver is not null)
                LogDrivers.Require(driver);
            return driver;
        }
        catch (HafenException exception)
        {
            throw new SettingException(exception.Message, exception);
        }
    }

    private static IPAddress? Address(string? text) => text is null ? null
        : IPAddress.TryParse(text, out var address) ? address : throw new SettingException($"ip address is not correctly formatted: {text}");

    private static Dictionary<string, string> Pairs(string name, IEnumerable<string> texts)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=');
            if (equals <= 0)
                throw new SettingException($"invalid argument \"{text}\" for \"--{name}\" flag: expected key=value");
            pairs[text[..equals]] = text[(equals + 1)..];
        }
        return pairs;
    }

    private static Ulimit Ulimit(string name, string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length > 2 || !long.TryParse(parts[0], out long soft) || !long.TryParse(parts[^1], out long hard))
            throw new SettingException($"invalid ulimit argument: {name}={text}");
        return new Ulimit { Name = name, Soft = soft, Hard = hard };
    }
}
