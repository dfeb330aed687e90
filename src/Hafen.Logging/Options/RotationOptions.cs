using System.Globalization;
using Hafen.Errors;

namespace Hafen.Logging.Options;

/// <summary>How large the files of a log become and how many are kept: <c>max-size</c>, <c>max-file</c>, <c>compress</c>.</summary>
internal static class RotationOptions
{
    private const string Size = "max-size", Files = "max-file", Gzip = "compress";

    public static IReadOnlyList<LogOption> All { get; } =
        [new(Size, options => MaxSize(options)), new(Files, options => MaxFiles(options)), new(Gzip, CheckCompress)];

    /// <summary>Bytes before a file is rotated; 0 means never.</summary>
    public static long MaxSize(IReadOnlyDictionary<string, string> options)
    {
        if (!options.TryGetValue(Size, out string? text) || text == "-1")
            return 0;
        long size = HumanSize.TryParseDecimal(text, out long bytes) ? bytes : throw Invalid($"invalid size: '{text}'");
        return size > 0 ? size : throw Invalid("max-size must be a positive number");
    }

    /// <summary>Number of files kept, the current one included.</summary>
    public static int MaxFiles(IReadOnlyDictionary<string, string> options)
    {
        if (!options.TryGetValue(Files, out string? text))
            return 1;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int files))
            throw Invalid($"strconv.Atoi: parsing \"{text}\": invalid syntax");
        return files >= 1 ? files : throw Invalid("max-file cannot be less than 1");
    }

    /// <summary>Whether rotated files are gzipped.</summary>
    public static bool Compress(IReadOnlyDictionary<string, string> options) => options.GetValueOrDefault(Gzip) switch
    {
        "true" or "1" or "t" => true,
        null or "false" or "0" or "f" => false,
        { } text => throw Invalid($"strconv.ParseBool: parsing \"{text}\": invalid syntax"),
    };

    private static void CheckCompress(IReadOnlyDictionary<string, string> options)
    {
        if (Compress(options) && (MaxFiles(options) < 2 || MaxSize(options) <= 0))
            throw Invalid("compress cannot be true when max-file is less than 2 or max-size is not set");
    }

    private static LogException Invalid(string message) => new(ErrorKind.InvalidParameter, message);
}
