using System.Text.Json;
using Hafen.Api;
using Hafen.Client.Errors;
using Hafen.Client.Json;

namespace Hafen.Client.Exec;

/// <summary>
/// What travels for an <c>exec</c>, written and read by hand: the serializer's types would cost the client a third of its time. A test
/// compares with what the serializer makes of it.
/// </summary>
internal static class ExecBodies
{
    public static byte[] Write(ExecCreateRequest request) => new JsonBody().Open()
        .Add("User", request.User).Add("Privileged", request.Privileged).Add("Tty", request.Tty).Add("ConsoleSize", request.ConsoleSize)
        .Add("AttachStdin", request.AttachStdin).Add("AttachStderr", request.AttachStderr).Add("AttachStdout", request.AttachStdout)
        .Add("DetachKeys", request.DetachKeys).Add("Env", request.Env).Add("WorkingDir", request.WorkingDir).Add("Cmd", request.Cmd)
        .Add("Detach", request.Detach).Close().ToBytes();

    public static byte[] Write(ExecStartRequest request) => new JsonBody().Open()
        .Add("Detach", request.Detach).Add("Tty", request.Tty).Add("ConsoleSize", request.ConsoleSize).Close().ToBytes();

    /// <summary>The <c>Id</c> of a created exec.</summary>
    /// <exception cref="ProtocolException">There is none.</exception>
    public static string ReadId(ReadOnlySpan<byte> json)
        => Read(json, "Id", static (ref Utf8JsonReader reader) => reader.GetString()) ?? throw new ProtocolException("the daemon's answer has no ID");

    /// <summary>The <c>ExitCode</c> of an exec; null while it runs.</summary>
    public static int? ReadExitCode(ReadOnlySpan<byte> json)
        => Read<int?>(json, "ExitCode", static (ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Number ? reader.GetInt32() : null);

    private delegate T? Value<T>(ref Utf8JsonReader reader);

    private static T? Read<T>(ReadOnlySpan<byte> json, string name, Value<T> value)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals(name) && reader.Read())
                    return value(ref reader);
            }
            return default;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new ProtocolException("the daemon's answer is not the JSON that was expected");
        }
    }
}
