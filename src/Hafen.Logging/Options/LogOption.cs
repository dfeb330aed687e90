namespace Hafen.Logging.Options;

/// <summary>An option of a log driver.</summary>
/// <param name="Name">As it stands in <c>--log-opt NAME=value</c>.</param>
/// <param name="Check">
/// Looks at its value, and at those of others that it depends on; called only when the option is there. Throws a <see cref="LogException"/> in Docker's words.
/// </param>
public sealed record LogOption(string Name, Action<IReadOnlyDictionary<string, string>>? Check = null);
