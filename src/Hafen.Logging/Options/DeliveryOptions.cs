using Hafen.Errors;

namespace Hafen.Logging.Options;

/// <summary>What becomes of a container that is faster than its log: <c>mode</c> and <c>max-buffer-size</c>, which all drivers share.</summary>
internal static class DeliveryOptions
{
    private const string Mode = "mode", Buffer = "max-buffer-size", NonBlocking = "non-blocking";

    public static IReadOnlyList<LogOption> All { get; } = [new(Mode, CheckMode), new(Buffer, CheckBuffer)];

    private static void CheckMode(IReadOnlyDictionary<string, string> options)
    {
        string mode = options[Mode];
        if (mode is "" or "blocking")
            return;
        throw mode == NonBlocking
            ? new LogException(ErrorKind.NotImplemented, "log opt 'mode=non-blocking' is not supported: output is never dropped")
            : new LogException(ErrorKind.InvalidParameter, $"logger: logging mode not supported: {mode}");
    }

    private static void CheckBuffer(IReadOnlyDictionary<string, string> options)
    {
        if (options.GetValueOrDefault(Mode) != NonBlocking)
            throw new LogException(ErrorKind.InvalidParameter, "logger: max-buffer-size option is only supported with 'mode=non-blocking'");
    }
}
