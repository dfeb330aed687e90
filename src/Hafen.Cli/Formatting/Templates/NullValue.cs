namespace Hafen.Cli.Formatting.Templates;

/// <summary>
/// What Go would hold where the API's JSON has <c>null</c> or leaves a member out: a nil slice, map or pointer, or an empty string.
/// JSON does not tell them apart, but templates print them differently.
/// </summary>
internal sealed class NullValue
{
    public static readonly NullValue List = new("[]");
    public static readonly NullValue Map = new("map[]");
    public static readonly NullValue Pointer = new("<nil>");

    private NullValue(string text) => Text = text;

    public string Text { get; }

    /// <summary>Members that docker leaves out when they are empty, with the kind they have: a template may ask for them all the same.</summary>
    private static readonly IReadOnlyDictionary<string, object> s_omitted = new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["Health"] = Pointer,
        ["Healthcheck"] = Pointer,
        ["StopTimeout"] = Pointer,
        ["Init"] = Pointer,
        ["SizeRw"] = Pointer,
        ["SizeRootFs"] = Pointer,
        ["ImageManifestDescriptor"] = Pointer,
        ["BindOptions"] = Pointer,
        ["VolumeOptions"] = Pointer,
        ["TmpfsOptions"] = Pointer,
        ["UsageData"] = Pointer,
        ["ExposedPorts"] = Map,
        ["Annotations"] = Map,
        ["Tmpfs"] = Map,
        ["Sysctls"] = Map,
        ["StorageOpt"] = Map,
        ["Details"] = Map,
        ["Mounts"] = List,
        ["Shell"] = List,
        ["Components"] = List,
        ["Layers"] = List,
        ["Env"] = List,
        ["Cmd"] = List,
        ["Entrypoint"] = List,
        ["OnBuild"] = List,
        ["Labels"] = Map,
        ["Volumes"] = Map,
        ["MacAddress"] = "",
        ["StopSignal"] = "",
        ["Runtime"] = "",
        ["Variant"] = "",
        ["OsVersion"] = "",
        ["Comment"] = "",
        ["Author"] = "",
        ["DockerVersion"] = "",
        ["Parent"] = "",
        ["User"] = "",
        ["WorkingDir"] = "",
        ["Name"] = "",
        ["Driver"] = "",
        ["PublicPort"] = 0L,
        ["NetworkDisabled"] = false,
        ["ArgsEscaped"] = false,
        ["Experimental"] = false,
    };

    private static readonly IReadOnlySet<string> s_maps =
        new HashSet<string> { "Labels", "Volumes", "ExposedPorts", "PortBindings", "Ports", "Sysctls", "Tmpfs", "Options", "DriverOpts", "Config", "Annotations", "StorageOpt", "EndpointsConfig", "Networks", "Data" };

    private static readonly IReadOnlySet<string> s_pointers =
        new HashSet<string> { "Health", "Healthcheck", "IPAMConfig", "Error", "OomKillDisable", "MemorySwappiness", "PidsLimit", "Init", "StopTimeout", "ExitCode", "GraphDriver", "NetworkSettings" };

    /// <summary>The value of a member whose JSON is <c>null</c>.</summary>
    public static NullValue For(string name) => s_maps.Contains(name) ? Map : s_pointers.Contains(name) ? Pointer : List;

    /// <summary>The value of a member that JSON leaves out, when docker is known to leave it out at times.</summary>
    public static bool TryOmitted(string name, out object? value)
    {
        bool found = s_omitted.TryGetValue(name, out object? known);
        value = known;
        return found;
    }
}
