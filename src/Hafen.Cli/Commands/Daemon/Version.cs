using System.Text;
using System.Text.Json;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting;
using Hafen.Cli.Formatting.Tables;
using Hafen.Cli.Formatting.Templates;
using Hafen.Cli.Session;
using Hafen.Client.Errors;

namespace Hafen.Cli.Commands.Daemon;

/// <summary><c>hafen version</c>.</summary>
internal sealed class Version : Command
{
    private const int MinimumWidth = 20;
    private readonly ValueFlag<string> _format;

    public Version()
        : base("[OPTIONS]", "Show the version information")
        => _format = Flags.Text("format", 'f', FormatHelp.Single);

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var template = _format.Value.Length == 0 || _format.Value == "json" ? null : ParseTemplate();
        JsonDocument? server = null;
        DaemonUnreachableException? failure = null;
        try
        {
            server = session.Client.Daemon.Version().Run();
        }
        catch (DaemonUnreachableException exception)
        {
            failure = exception;
        }

        using var both = Combine(session, server);
        server?.Dispose();
        try
        {
            session.Streams.Write(template is not null ? Apply(template, both.RootElement)
                : _format.Value == "json" ? JsonLayout.Compact(both.RootElement.GetRawText()) + "\n"
                : Pretty(both.RootElement));
        }
        catch (TemplateException) when (failure is not null)
        {
            // The template asks for what only a daemon could tell: the missing daemon is the reason.
            session.Streams.Write("\n");
        }

        return failure is null ? 0 : throw failure;
    }

    private Template ParseTemplate()
    {
        try
        {
            return Template.Parse(_format.Value);
        }
        catch (TemplateException exception)
        {
            throw new CommandException($"template parsing error: {exception.Message}", 64);
        }
    }

    private static string Apply(Template template, JsonElement value)
    {
        var text = new StringBuilder();
        template.Apply(text, value);
        return text.Append('\n').ToString();
    }

    private static JsonDocument Combine(CliSession session, JsonDocument? server)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            ClientVersion.Write(writer, session.Client.Transport.Version, session.Daemon.ContextName);
            writer.WritePropertyName("Server");
            if (server is null)
                writer.WriteNullValue();
            else
                server.RootElement.WriteTo(writer);
            writer.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.ToArray());
    }

    internal static string Pretty(JsonElement both)
    {
        var client = both.GetProperty("Client");
        var text = new StringBuilder("Client:\n");
        Line(text, " Version", Text(client, "Version"));
        var (used, own) = (Text(client, "ApiVersion"), Text(client, "DefaultAPIVersion"));
        Line(text, " API version", used == own ? used : $"{used} (downgraded from {own})");
        Line(text, " .NET version", Text(client, "GoVersion").Replace(".NET ", "", StringComparison.Ordinal));
        Line(text, " Git commit", Text(client, "GitCommit"));
        Line(text, " OS/Arch", $"{Text(client, "Os")}/{Text(client, "Arch")}");
        Line(text, " Context", Text(client, "Context"));
        var server = both.GetProperty("Server");
        if (server.ValueKind == JsonValueKind.Object)
            AppendServer(text, server);
        return TabWriter.Align(text.ToString(), MinimumWidth, padding: 1);
    }

    private static void AppendServer(StringBuilder text, JsonElement server)
    {
        string platform = server.TryGetProperty("Platform", out var described) ? Text(described, "Name") : "";
        text.Append(platform.Length == 0 ? "\nServer:\n" : $"\nServer: {platform}\n");
        if (!server.TryGetProperty("Components", out var components) || components.ValueKind != JsonValueKind.Array)
            return;
        foreach (var component in components.EnumerateArray())
        {
            string name = Text(component, "Name");
            text.Append(' ').Append(name).Append(":\n");
            Line(text, "  Version", Text(component, "Version"));
            if (!component.TryGetProperty("Details", out var details) || details.ValueKind != JsonValueKind.Object)
                continue;
            if (name == "Engine")
            {
                AppendEngine(text, details);
            }
            else
            {
                foreach (var detail in details.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                    Line(text, "  " + detail.Name, detail.Value.GetString() ?? "");
            }
        }
    }

    private static void AppendEngine(StringBuilder text, JsonElement details)
    {
        Line(text, "  API version", $"{Text(details, "ApiVersion")} (minimum version {Text(details, "MinAPIVersion")})");
        string runtime = Text(details, "GoVersion");
        if (runtime.StartsWith(".NET", StringComparison.Ordinal))
            Line(text, "  .NET version", runtime[4..].Trim());
        else if (runtime.Length > 0)
            Line(text, "  Go version", runtime);
        Line(text, "  Git commit", Text(details, "GitCommit"));
        Line(text, "  Built", Text(details, "BuildTime"));
        Line(text, "  OS/Arch", $"{Text(details, "Os")}/{Text(details, "Arch")}");
        Line(text, "  Experimental", Text(details, "Experimental"));
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append(name).Append(":\t").Append(value).Append('\n');

    private static string Text(JsonElement map, string name)
        => map.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
