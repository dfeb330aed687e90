using Hafen.Api;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--gpus all</c>, <c>--gpus 2</c>, <c>--gpus device=0,capabilities=utility</c>.</summary>
internal static class GpuSpec
{
    public static DeviceRequest Parse(string text)
    {
        string? driver = null;
        int count = 0;
        var capabilities = new List<string>();
        string[]? devices = null;
        Dictionary<string, string>? options = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string field in CsvFields.Split(text))
        {
            var pair = KeyValues.Pair(field);
            if (!seen.Add(pair.Key))
                throw new FormatException($"gpu request key '{pair.Key}' can be specified only once");
            if (!field.Contains('=', StringComparison.Ordinal))
            {
                seen.Add("count");
                count = Count(field);
                continue;
            }

            switch (pair.Key)
            {
                case "driver": driver = pair.Value; break;
                case "count": count = Count(pair.Value); break;
                case "device": devices = pair.Value.Split(','); break;
                case "capabilities": capabilities.AddRange(pair.Value.Split(',')); break;
                case "options": options = KeyValues.ToMap(CsvFields.Split(pair.Value)); break;
                default: throw new FormatException($"unexpected key '{pair.Key}' in '{field}'");
            }
        }

        if (count == 0 && devices is null)
            count = 1;
        return new DeviceRequest { Driver = driver, Count = count, DeviceIDs = devices, Capabilities = [[.. capabilities, "gpu"]], Options = options };
    }

    private static int Count(string text)
        => text == "all" ? -1
            : int.TryParse(text, out int count) ? count
            : throw new FormatException($"invalid count ({text}): value must be either \"all\" or an integer: invalid syntax");
}
