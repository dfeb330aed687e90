using System.Text;
using System.Text.Json;
using Hafen.Api;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting;
using Hafen.Cli.Formatting.Templates;
using Hafen.Cli.Formatting.Units;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Daemon;

/// <summary><c>hafen events</c>.</summary>
internal sealed class Events : Command
{
    private readonly ListFlag<KeyValuePair<string, string>> _filters;
    private readonly ValueFlag<string> _format;
    private readonly ValueFlag<string> _since;
    private readonly ValueFlag<string> _until;

    public Events()
        : base("[OPTIONS]", "Get real time events from the daemon")
    {
        Aliases = ["hafen system events", "hafen events"];
        _filters = Flags.Filter();
        _format = Flags.Text("format", '\0', FormatHelp.Single);
        _since = Flags.Text("since", '\0', "Show events since this time");
        _until = Flags.Text("until", '\0', "Show events until this time, then end");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var template = ParseFormat(_format.Value);
        using var answer = session.Client.Daemon.Events(
            PointInTime.Parse(_since.Value, "since"), PointInTime.Parse(_until.Value, "until"), FilterValues.ToSet(_filters)).Run();
        foreach (var message in JsonObjects.Read(answer.Body))
            session.Streams.WriteLine(template is null ? Describe(message.Span) : Apply(template, message));
        return 0;
    }

    private static Template? ParseFormat(string text)
    {
        if (text.Length == 0)
            return null;
        try
        {
            return Template.Parse(text == "json" ? "{{json .}}" : text);
        }
        catch (TemplateException exception)
        {
            throw new CommandException($"Error parsing format: {exception.Message}", 64);
        }
    }

    private static string Apply(Template template, ReadOnlyMemory<byte> message)
    {
        using var document = JsonDocument.Parse(message);
        var text = new StringBuilder();
        template.Apply(text, document.RootElement);
        return text.ToString();
    }

    /// <summary><c>time type action id (attributes)</c>.</summary>
    internal static string Describe(ReadOnlySpan<byte> json)
    {
        var message = JsonSerializer.Deserialize(json, ApiJson.Default.EventMessage)!;
        var text = new StringBuilder();
        long nanoseconds = message.TimeNano != 0 ? message.TimeNano : message.Time * GoDuration.Second;
        if (nanoseconds != 0)
            text.Append(GoTimeText.LocalRfc3339Nanoseconds(nanoseconds)).Append(' ');
        text.Append(message.Type).Append(' ').Append(message.Action).Append(' ').Append(message.Actor.ID);
        if (message.Actor.Attributes is { Count: > 0 } attributes)
            text.Append(" (").AppendJoin(", ", attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")).Append(')');
        return text.ToString();
    }
}
