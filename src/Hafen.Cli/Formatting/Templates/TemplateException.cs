namespace Hafen.Cli.Formatting.Templates;

/// <summary>A template that cannot be read or applied; the message is Go's <c>template: …</c> line.</summary>
internal sealed class TemplateException(string message) : Exception(message);
