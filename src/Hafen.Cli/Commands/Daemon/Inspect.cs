using System.Text.Json;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;
using Hafen.Client.Errors;

namespace Hafen.Cli.Commands.Daemon;

/// <summary><c>hafen inspect</c>: finds out of what kind an object is.</summary>
internal sealed class Inspect : Command
{
    private static readonly string[] s_kinds = ["config", "container", "image", "network", "node", "plugin", "secret", "service", "task", "volume"];
    private readonly ValueFlag<string> _format;
    private readonly ValueFlag<bool> _size;
    private readonly ValueFlag<string> _kind;

    public Inspect()
        : base("[OPTIONS] NAME|ID [NAME|ID...]", "Return low-level information on objects")
    {
        Arguments = ArgumentRule.AtLeast(1);
        _format = Flags.Text("format", 'f', FormatHelp.Single);
        _size = Flags.Switch("size", 's', "Show sizes of files of containers");
        _kind = Flags.Text("type", '\0', "Look only for objects of this kind");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        string names = $"must be one of \"{string.Join("\", \"", s_kinds)}\"";
        if (_kind.Changed && _kind.Value.Length == 0)
            throw new CommandException($"type is empty: {names}");
        if (_kind.Changed && !s_kinds.Contains(_kind.Value))
            throw new CommandException($"unknown type: \"{_kind.Value}\": {names}");
        if (_kind.Changed && _kind.Value is not ("container" or "image" or "network" or "volume"))
            throw new CommandException($"hafen: 'inspect --type {_kind.Value}' is not available in this version");
        return Inspection.Show(session, arguments, _format.Value, name => Find(session, name));
    }

    private JsonDocument Find(CliSession session, string name)
    {
        var client = session.Client;
        (string Kind, Func<string, JsonDocument> Find)[] places =
        [
            ("container", wanted => client.Containers.Inspect(wanted, _size.Value).Run()),
            ("image", wanted => client.Images.Inspect(wanted, platform: null).Run()),
            ("network", wanted => client.Objects.Network(wanted).Run()),
            ("volume", wanted => client.Objects.Volume(wanted).Run()),
        ];
        foreach (var place in places)
        {
            if (_kind.Changed && _kind.Value != place.Kind)
                continue;
            try
            {
                var found = place.Find(name);
                if (_size.Value && place.Kind != "container")
                    session.Streams.WriteErrorLine($"WARNING: --size ignored for {place.Kind}");
                return found;
            }
            catch (ApiException exception) when (!_kind.Changed && IsElsewhere(exception))
            {
                // Not of this kind; the next one is tried.
            }
        }

        throw new CommandException($"Error: No such object: {name}");
    }

    private static bool IsElsewhere(ApiException failure)
        => failure.IsNotFound || failure.Message.Contains("not supported", StringComparison.Ordinal)
            || failure.Message.Contains("invalid reference format", StringComparison.Ordinal);
}
