using System.Security.Cryptography;
using System.Text;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Tests.Session;

/// <summary>Which daemon is meant: what is named is used or refused, never passed over.</summary>
public sealed class DaemonChoiceTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("hafen-contexts-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Theory]
    [InlineData("", "", "", null, null)]
    [InlineData("", "", "current", null, "current")]
    [InlineData("", "", "default", null, null)]
    [InlineData("", "DOCKER_CONTEXT=env", "current", null, "env")]
    [InlineData("", "DOCKER_CONTEXT=env HAFEN_CONTEXT=own", "current", null, "own")]
    [InlineData("", "DOCKER_HOST=unix:///d DOCKER_CONTEXT=env", "current", "unix:///d", null)]
    [InlineData("", "DOCKER_HOST=unix:///d HAFEN_HOST=unix:///h", "", "unix:///h", null)]
    [InlineData("--context=flag", "DOCKER_HOST=unix:///d", "current", null, "flag")]
    [InlineData("--context=default", "DOCKER_HOST=unix:///d", "current", "unix:///d", null)]
    [InlineData("--context=default", "", "current", null, null)]
    [InlineData("-H=unix:///f", "DOCKER_HOST=unix:///d", "current", "unix:///f", null)]
    public void The_first_that_is_given_decides(string flags, string environment, string current, string? host, string? context)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var options = new GlobalOptions(variables.GetValueOrDefault);
        FlagParser.Parse(options.Flags, flags.Split(' ', StringSplitOptions.RemoveEmptyEntries), interspersed: false);
        Assert.Equal(new DaemonChoice(host, context), options.Daemon(() => current.Length == 0 ? null : current));
    }

    [Fact]
    public void A_context_is_not_mixed_with_a_host()
    {
        var options = Options("-H", "unix:///a", "--context", "b");
        Assert.Equal("conflicting options: cannot specify both --host and --context", Assert.Throws<CommandException>(() => options.Daemon(() => null)).Message);
    }

    [Fact]
    public void A_context_of_dockers_names_the_daemon()
    {
        WriteContext("remote", "tcp://10.0.0.1:2375");
        Assert.Equal("tcp://10.0.0.1:2375", Options().Endpoint(new DaemonChoice(null, "remote")).Text);
    }

    [Fact]
    public void The_current_context_is_read_from_dockers_settings()
    {
        Directory.CreateDirectory(Path.Combine(_home, ".docker"));
        File.WriteAllText(Path.Combine(_home, ".docker", "config.json"), """{"currentContext":"remote","psFormat":"x"}""");
        Assert.Equal("remote", ConfigFile.Load(Options().ConfigFolder, new CliStreams(0, 1, 2)).CurrentContext);

        Directory.CreateDirectory(Path.Combine(_home, ".hafen"));
        File.WriteAllText(Path.Combine(_home, ".hafen", "config.json"), "{}");
        Assert.Null(ConfigFile.Load(Options().ConfigFolder, new CliStreams(0, 1, 2)).CurrentContext);
    }

    [Fact]
    public void A_missing_or_broken_context_is_an_error()
    {
        Assert.Contains("context \"gone\": context not found", Refusal("gone"), StringComparison.Ordinal);
        WriteContext("broken", "");
        File.WriteAllText(MetaOf("broken"), "{");
        Assert.Contains("is broken", Refusal("broken"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssh://user@host", "over ssh")]
    [InlineData("https://host:2376", "with TLS")]
    [InlineData("npipe:////./pipe/docker", "over named pipes")]
    public void A_way_this_version_has_not_is_refused_by_name(string address, string what)
    {
        WriteContext("far", address);
        Assert.Equal($"hafen: connections {what} are not available in this version: {address}", Refusal("far"));
        Assert.Equal($"hafen: connections {what} are not available in this version: {address}", Assert.Throws<CommandException>(() => Options().Endpoint(new DaemonChoice(address, null))).Message);
    }

    [Fact]
    public void A_context_with_TLS_is_refused()
    {
        WriteContext("secure", "tcp://10.0.0.1:2376");
        Directory.CreateDirectory(Path.Combine(_home, ".docker", "contexts", "tls", IdOf("secure"), "docker"));
        Assert.Equal("hafen: context \"secure\" uses TLS, which is not available in this version", Refusal("secure"));
    }

    [Theory]
    [InlineData("DOCKER_TLS_VERIFY")]
    [InlineData("DOCKER_TLS")]
    public void TLS_asked_for_by_the_environment_is_refused(string variable)
    {
        var options = new GlobalOptions(name => name == variable ? "1" : null);
        Assert.Equal("hafen: connections with TLS are not available in this version", Assert.Throws<CommandException>(() => options.Endpoint(new DaemonChoice("tcp://h:1", null))).Message);
    }

    private string Refusal(string context) => Assert.Throws<CommandException>(() => Options().Endpoint(new DaemonChoice(null, context))).Message;

    private GlobalOptions Options(params string[] words)
    {
        var options = new GlobalOptions(name => name == "HOME" ? _home : null);
        FlagParser.Parse(options.Flags, words, interspersed: false);
        return options;
    }

    private void WriteContext(string name, string host)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(MetaOf(name))!);
        File.WriteAllText(MetaOf(name), $$$"""{"Name":"{{{name}}}","Endpoints":{"docker":{"Host":"{{{host}}}","SkipTLSVerify":false} } }""");
    }

    private string MetaOf(string name) => Path.Combine(_home, ".docker", "contexts", "meta", IdOf(name), "meta.json");

    private static string IdOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
