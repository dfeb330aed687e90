using System.Text.Json;

namespace Hafen.Oci.Runtime;

/// <summary>Walks through one JSON document member by member. A member that is null counts as absent.</summary>
internal ref struct SpecCursor
{
    private Utf8JsonReader _reader;

    /// <exception cref="JsonException">The document is no JSON object.</exception>
    public SpecCursor(ReadOnlySpan<byte> json)
    {
        _reader = new Utf8JsonReader(json);
        _reader.Read();
    }

    /// <summary>Goes to the next member of the object that the cursor is in, and to its value; false at the object's end.</summary>
    /// <exception cref="JsonException">Not an object, or broken JSON.</exception>
    public bool NextMember(ref bool inside)
    {
        if (!inside)
        {
            Expect(JsonTokenType.StartObject);
            inside = true;
        }

        while (true)
        {
            _reader.Read();
            if (_reader.TokenType == JsonTokenType.EndObject)
                return false;
            var name = _reader;
            _reader.Read();
            if (_reader.TokenType == JsonTokenType.Null)
                continue;
            Name = name;
            return true;
        }
    }

    /// <summary>Goes to the next element of the array that the cursor is in; false at its end.</summary>
    /// <exception cref="JsonException">Not an array, or broken JSON.</exception>
    public bool NextElement(ref bool inside)
    {
        if (!inside)
        {
            Expect(JsonTokenType.StartArray);
            inside = true;
        }

        _reader.Read();
        return _reader.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>Whether the member's name is this one.</summary>
    public readonly bool Is(ReadOnlySpan<byte> name) => Name.ValueTextEquals(name);

    /// <summary>The member's name.</summary>
    public readonly string MemberName => Name.GetString()!;

    /// <summary>Passes over a value that nobody asked for.</summary>
    public void Skip() => _reader.Skip();

    /// <summary>After the document's last value.</summary>
    /// <exception cref="JsonException">Something follows it.</exception>
    public void End()
    {
        if (_reader.Read())
            throw Wrong("the end");
    }

    public string Text()
    {
        Expect(JsonTokenType.String);
        return _reader.GetString()!;
    }

    public bool Flag() => _reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong("true or false"),
    };

    public long Int64() => _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out long value) ? value : throw Wrong("a whole number");

    public ulong UInt64() => _reader.TokenType == JsonTokenType.Number && _reader.TryGetUInt64(out ulong value) ? value : throw Wrong("a whole number from 0 on");

    public int Int32() => Int64() is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw Wrong("a 32-bit number");

    public uint UInt32() => UInt64() is <= uint.MaxValue and var value ? (uint)value : throw Wrong("a 32-bit number from 0 on");

    public ushort UInt16() => UInt64() is <= ushort.MaxValue and var value ? (ushort)value : throw Wrong("a 16-bit number from 0 on");

    public string[] Texts()
    {
        var list = new List<string>();
        for (bool inside = false; NextElement(ref inside);)
            list.Add(Text());
        return [.. list];
    }

    public uint[] UInt32s()
    {
        var list = new List<uint>();
        for (bool inside = false; NextElement(ref inside);)
            list.Add(UInt32());
        return [.. list];
    }

    public Dictionary<string, string> TextMap()
    {
        var map = new Dictionary<string, string>();
        for (bool inside = false; NextMember(ref inside);)
            map[MemberName] = Text();
        return map;
    }

    /// <exception cref="JsonException">The member is missing.</exception>
    public static T Require<T>(T? value, string member)
        where T : class => value ?? throw new JsonException($"member {member} is missing");

    private Utf8JsonReader Name { readonly get; set; }

    private readonly void Expect(JsonTokenType type)
    {
        if (_reader.TokenType != type)
            throw Wrong(type.ToString());
    }

    private readonly JsonException Wrong(string expected)
    {
        string? member = Name.TokenType == JsonTokenType.PropertyName ? Name.GetString() : "the document";
        return new JsonException($"{member}: expected {expected}, found {_reader.TokenType} at byte {_reader.TokenStartIndex}");
    }
}
