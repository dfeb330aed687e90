using Hafen.Runtime.State;

namespace Hafen.Runtime.Cli.Options;

/// <summary>The options before the verb.</summary>
internal sealed class GlobalOptions
{
    private GlobalOptions(VerbOptions options)
    {
        States = new StateFolder(Path.GetFullPath(options.Value("root") ?? StateFolder.DefaultRoot));
        LogFile = options.Value("log");
        LogAsJson = options.Value("log-format") switch
        {
            null or "text" => false,
            "json" => true,
            var format => throw new UsageException($"invalid log-format: {format}"),
        };
        if (options.Has("systemd-cgroup"))
            throw new UsageException("--systemd-cgroup is not supported: cgroups are managed directly");
        Help = options.Has("help");
        Version = options.Has("version");
        Verb = options.Arguments.Count > 0 ? options.Arguments[0] : null;
        Rest = [.. options.Arguments.Skip(1)];
    }

    public StateFolder States { get; }
    public string? LogFile { get; }
    public bool LogAsJson { get; }
    public bool Help { get; }
    public bool Version { get; }
    public string? Verb { get; }
    public IReadOnlyList<string> Rest { get; }

    public static GlobalOptions Parse(string[] arguments) => new(VerbOptions.Parse(
        arguments, ["debug", "systemd-cgroup", "help|h", "version|v"], ["root", "log", "log-format", "criu", "rootless"]));
}
