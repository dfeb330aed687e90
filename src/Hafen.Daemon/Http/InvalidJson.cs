using System.Text.Json;

namespace Hafen.Daemon.Http;

/// <summary>Says what is wrong with a body that should be JSON.</summary>
internal static class InvalidJson
{
    public static string Describe(ReadOnlySpan<byte> body, JsonException failure)
    {
        if (body.Trim(" \t\r\n"u8).IsEmpty)
            return "invalid JSON: got EOF while reading request body";
        var reader = new Utf8JsonReader(body, isFinalBlock: true, default);
        try
        {
            reader.Skip();
            if (reader.Read() && reader.TrySkip() && reader.BytesConsumed > 0 && HasMore(body[(int)reader.BytesConsumed..]))
                return "unexpected content after JSON";
        }
        catch (JsonException)
        {
            return $"invalid JSON: {Position(failure)}";
        }
        // The text is JSON; it does not fit the shape.
        return string.IsNullOrEmpty(failure.Path) || failure.Path == "$"
            ? "invalid JSON: the value has another type than expected"
            : $"invalid JSON: {failure.Path[2..]} has another type than expected";
    }

    private static bool HasMore(ReadOnlySpan<byte> rest) => !rest.Trim(" \t\r\n"u8).IsEmpty;

    private static string Position(JsonException failure)
        => $"syntax error in line {failure.LineNumber + 1}, byte {failure.BytePositionInLine}";
}
