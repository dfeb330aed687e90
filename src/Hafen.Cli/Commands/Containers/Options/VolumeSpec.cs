using Hafen.Api;
using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--volume [source:]target[:options]</c>: a bind mount, a named volume, or an anonymous volume.</summary>
internal static class VolumeSpec
{
    /// <summary>Sorts the values into binds and anonymous volumes.</summary>
    public static (string[] Binds, Dictionary<string, EmptyObject> Anonymous) Sort(IEnumerable<string> specs)
    {
        var binds = new List<string>();
        var anonymous = new Dictionary<string, EmptyObject>(StringComparer.Ordinal);
        foreach (string spec in specs)
        {
            string[] parts = spec.Split(':');
            if (spec.Length == 0)
                throw new CommandException("invalid empty volume spec");
            if (parts.Length > 1 && (parts[0].Length == 0 || parts[1].Length == 0))
                throw new CommandException($"invalid spec: {spec}: empty section between colons");
            if (parts.Length == 1)
                anonymous[spec] = EmptyObject.Value;
            else
                binds.Add(parts[0].StartsWith('.') ? $"{Path.GetFullPath(parts[0])}:{string.Join(':', parts.Skip(1))}" : spec);
        }

        return ([.. binds], anonymous);
    }
}
