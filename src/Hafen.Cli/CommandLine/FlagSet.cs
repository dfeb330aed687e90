namespace Hafen.Cli.CommandLine;

/// <summary>The flags of one command, by long and short name.</summary>
internal sealed class FlagSet
{
    private readonly List<Flag> _flags = [];

    public IReadOnlyList<Flag> All => _flags;

    public Flag? Find(ReadOnlySpan<char> name)
    {
        foreach (var flag in _flags)
        {
            if (name.SequenceEqual(flag.Name))
                return flag;
        }
        return null;
    }

    public Flag? Find(char shorthand)
    {
        foreach (var flag in _flags)
        {
            if (flag.Shorthand == shorthand)
                return flag;
        }
        return null;
    }

    public T Add<T>(T flag)
        where T : Flag
    {
        _flags.Add(flag);
        return flag;
    }

    public ValueFlag<bool> Switch(string name, char shorthand, string usage, bool initial = false, bool hidden = false)
        => Add(new ValueFlag<bool>(name, shorthand, "", usage, initial, FlagValues.Boolean)
        {
            ImpliedValue = "true",
            DefaultText = initial ? "true" : null,
            Hidden = hidden,
        });

    public ValueFlag<string> Text(string name, char shorthand, string usage, string initial = "", string? shownDefault = null, bool hidden = false)
        => Add(new ValueFlag<string>(name, shorthand, "string", usage, initial, static text => text)
        {
            DefaultText = shownDefault ?? (initial.Length == 0 ? null : $"\"{initial}\""),
            Hidden = hidden,
        });

    public ValueFlag<long> Integer(string name, char shorthand, string usage, long initial = 0, bool hidden = false)
        => Add(new ValueFlag<long>(name, shorthand, "int", usage, initial, FlagValues.Integer)
        {
            DefaultText = initial == 0 ? null : initial.ToString(),
            Hidden = hidden,
        });

    public ValueFlag<long> Bytes(string name, char shorthand, string usage, bool minusOne = false, bool hidden = false)
        => Add(new ValueFlag<long>(name, shorthand, "bytes", usage, 0, minusOne ? FlagValues.BytesOrUnlimited : FlagValues.Bytes) { Hidden = hidden });

    public ListFlag<string> List(string name, char shorthand, string usage, Func<string, string>? check = null, string typeName = "list", string? shownDefault = null, bool hidden = false)
        => Add(new ListFlag<string>(name, shorthand, typeName, usage, check ?? (static text => text)) { DefaultText = shownDefault, Hidden = hidden });

    /// <summary>The <c>--filter</c> that every listing has.</summary>
    public ListFlag<KeyValuePair<string, string>> Filter(string usage = "Narrow the list by conditions")
        => Add(new ListFlag<KeyValuePair<string, string>>("filter", 'f', "filter", usage, FlagValues.Filter));

    /// <summary>Options of docker's that this version refuses.</summary>
    public void Refuse(params ReadOnlySpan<RefusedFlag> refused)
    {
        foreach (var flag in refused)
            Add(flag);
    }
}
