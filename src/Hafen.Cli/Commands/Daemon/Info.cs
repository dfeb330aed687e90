using System.Text;
using System.Text.Json;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting;
using Hafen.Cli.Formatting.Templates;
using Hafen.Cli.Session;
using Hafen.Client.Errors;

namespace Hafen.Cli.Commands.Daemon;

/// <summary><c>hafen info</c>.</summary>
internal sealed class Info : Command
{
    private readonly ValueFlag<string> _format;

    public Info()
        : base("[OPTIONS]", "Display system-wide information")
    {
        Aliases = ["hafen system info", "hafen info"];
        _format = Flags.Text("format", 'f', FormatHelp.Single);
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var streams = session.Streams;
        if (_format.Value.Length > 0)
            return ShowFormatted(session);
        streams.Write($"Client:\n Version:    {BuildVersion.Version}\n Context:    {session.Daemon.ContextName}\n Debug Mode: {(session.Options.Debug ? "true" : "false")}\n\nServer:\n");
        using var info = session.Client.Daemon.Info().Run();
        streams.Write(InfoText.Of(info.RootElement, session.Options.Debug));
        if (info.RootElement.TryGetProperty("Warnings", out var warnings) && warnings.ValueKind == JsonValueKind.Array)
        {
            foreach (var warning in warnings.EnumerateArray())
                streams.WriteErrorLine(warning.GetString() ?? "");
        }
        return 0;
    }

    private int ShowFormatted(CliSession session)
    {
        Template? template = null;
        try
        {
            if (_format.Value != "json")
                template = Template.Parse(_format.Value);
        }
        catch (TemplateException exception)
        {
            throw new CommandException($"template parsing error: {exception.Message}", 64);
        }

        using var server = session.Client.Daemon.Info().Run();
        using var all = WithClient(session, server.RootElement);
        if (template is null)
        {
            session.Streams.WriteLine(JsonLayout.Compact(all.RootElement.GetRawText()));
            return 0;
        }

        var text = new StringBuilder();
        try
        {
            template.Apply(text, all.RootElement);
        }
        catch (TemplateException exception)
        {
            throw new CommandException(exception.Message);
        }

        session.Streams.WriteLine(text.ToString());
        return 0;
    }

    private static JsonDocument WithClient(CliSession session, JsonElement server)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var member in server.EnumerateObject())
                member.WriteTo(writer);
            writer.WriteStartObject("ClientInfo");
            writer.WriteBoolean("Debug", session.Options.Debug);
            writer.WriteString("Version", BuildVersion.Version);
            writer.WriteString("Context", session.Daemon.ContextName);
            writer.WriteStartArray("Plugins");
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.ToArray());
    }
}
