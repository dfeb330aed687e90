using System.Text;
using System.Text.Json;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting;
using Hafen.Cli.Formatting.Templates;
using Hafen.Cli.Session;
using Hafen.Client.Errors;

namespace Hafen.Cli.Commands;

/// <summary>What all <c>inspect</c> commands do with the objects they find.</summary>
internal static class Inspection
{
    /// <summary>Exit code for a template that cannot be read.</summary>
    private const int BadTemplate = 64;

    public static int Show(CliSession session, IReadOnlyList<string> names, string format, Func<string, JsonDocument> find)
    {
        Template? template = null;
        if (format is not ("" or "json"))
        {
            try
            {
                template = Template.Parse(format);
            }
            catch (TemplateException exception)
            {
                throw new CommandException($"template parsing error: {exception.Message}", BadTemplate);
            }
        }

        var failures = new List<string>();
        var texts = new List<string>();
        foreach (string name in names)
        {
            try
            {
                using var found = find(name);
                texts.Add(template is null ? found.RootElement.GetRawText() : Apply(template, found.RootElement));
            }
            catch (Exception exception) when (exception is ApiException or InvalidNameException)
            {
                failures.Add(CommandLineProgram.FailureText(exception)!);
            }
            catch (Exception exception) when (exception is CommandException or TemplateException)
            {
                failures.Add(exception is TemplateException ? $"template parsing error: {exception.Message}" : exception.Message);
            }
        }

        string joined = template is null ? $"[{string.Join(',', texts)}]" : texts.Count == 0 ? "\n" : string.Concat(texts);
        session.Streams.Write(template is not null ? joined : (format == "json" ? JsonLayout.Compact(joined) : JsonLayout.Indent(joined)) + "\n");
        return failures.Count == 0 ? 0 : throw new CommandException(string.Join('\n', failures));
    }

    private static string Apply(Template template, JsonElement value)
    {
        var text = new StringBuilder();
        template.Apply(text, value);
        return text.Append('\n').ToString();
    }
}
