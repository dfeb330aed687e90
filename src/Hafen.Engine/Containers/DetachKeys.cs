namespace Hafen.Engine.Containers;

/// <summary>Key sequences that detach a client, such as <c>ctrl-p,ctrl-q</c>.</summary>
internal static class DetachKeys
{
    private static readonly byte[] s_default = [16, 17];

    /// <summary>The bytes of a sequence, whose keys are spelled as Docker spells them, in lower case; the default one for null or empty text.</summary>
    /// <param name="text">As in the request.</param>
    /// <param name="message">Message of the error, <c>{0}</c> stands for the text.</param>
    /// <exception cref="EngineException">A key is unknown.</exception>
    public static byte[] Parse(string? text, string message)
    {
        if (string.IsNullOrEmpty(text))
            return s_default;
        var bytes = new List<byte>();
        foreach (string key in text.Split(','))
        {
            if (key.Length == 1 && char.IsAscii(key[0]))
                bytes.Add((byte)key[0]);
            else if (key == "DEL")
                bytes.Add(127);
            else if (key.Length == 6 && key.StartsWith("ctrl-", StringComparison.Ordinal) && Control(key[5]) is { } code)
                bytes.Add(code);
            else
                throw EngineException.InvalidParameter(message.Replace("{0}", text, StringComparison.Ordinal));
        }
        return [.. bytes];
    }

    private static byte? Control(char key) => key switch
    {
        >= 'a' and <= 'z' and var letter => (byte)(letter - 'a' + 1),
        '@' => 0,
        '[' => 27,
        '\\' => 28,
        ']' => 29,
        '^' => 30,
        '_' => 31,
        _ => null,
    };
}
