using System.Text.Json;
using Hafen.Api;
using Hafen.Client.Errors;

namespace Hafen.Client.Containers;

/// <summary>The two short answers on the way of a <c>run</c>, read word by word for the same reason as the request is written by hand.</summary>
internal static class ContainerAnswers
{
    public static ContainerCreateResponse ReadCreated(ReadOnlySpan<byte> json)
    {
        string? id = null;
        var warnings = new List<string>();
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                    continue;
                if (reader.ValueTextEquals("Id") && reader.Read())
                {
                    id = reader.GetString();
                }
                else if (reader.ValueTextEquals("Warnings") && reader.Read() && reader.TokenType == JsonTokenType.StartArray)
                {
                    while (reader.Read() && reader.TokenType == JsonTokenType.String)
                        warnings.Add(reader.GetString()!);
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ProtocolException("the daemon's answer is not the JSON that was expected");
        }

        return new ContainerCreateResponse
        {
            Id = id ?? throw new ProtocolException("the daemon's answer has no ID"),
            Warnings = [.. warnings],
        };
    }

    public static WaitResponse ReadWait(ReadOnlySpan<byte> json)
    {
        long? code = null;
        WaitError? error = null;
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                if (reader.CurrentDepth == 1 && reader.ValueTextEquals("StatusCode") && reader.Read())
                    code = reader.GetInt64();
                else if (reader.CurrentDepth == 2 && reader.ValueTextEquals("Message") && reader.Read())
                    error = new WaitError { Message = reader.GetString() };
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new ProtocolException("the daemon's answer is not the JSON that was expected");
        }

        return new WaitResponse
        {
            StatusCode = code ?? throw new ProtocolException("the daemon's answer has no exit code"),
            Error = error,
        };
    }
}
