using Hafen.Api;
using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Commands;

/// <summary>The filters of a request from <c>--filter</c>.</summary>
internal static class FilterValues
{
    public static FilterSet ToSet(ListFlag<KeyValuePair<string, string>> flag)
    {
        var set = FilterSet.Empty;
        foreach (var (name, value) in flag.Values)
            set = set.With(name, value);
        return set;
    }
}
