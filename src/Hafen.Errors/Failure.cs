namespace Hafen.Errors;

/// <summary>An error between processes: data, never text to search.</summary>
/// <param name="Kind">Which class of failure.</param>
/// <param name="Errno">The errno, or 0.</param>
/// <param name="Stage">The step that failed, for example <c>mount proc at /proc</c>.</param>
/// <param name="Message">For people; in runc's wording where Docker's clients match on it.</param>
public sealed record Failure(ErrorKind Kind, int Errno, string Stage, string Message);
