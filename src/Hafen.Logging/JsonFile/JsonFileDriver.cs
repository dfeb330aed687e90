using System.Text;
using System.Text.Json;
using Hafen.Errors;
using Hafen.Logging.Options;
using Hafen.Logging.Readers;
using Hafen.Logging.Writers;

namespace Hafen.Logging.JsonFile;

/// <summary>Docker's driver <c>json-file</c>: a JSON object a line, in files that are rotated by size and perhaps gzipped.</summary>
internal sealed class JsonFileDriver : ILogDriver
{
    private const int LongestAttributes = 4 * 1024 * 1024;

    private static readonly LogOption[] s_options = [.. DeliveryOptions.All, .. RotationOptions.All, .. AttributeOptions.All];

    public string Name => "json-file";

    public IReadOnlyList<LogOption>? Options => s_options;

    /// <summary>Each line of the log carries the attributes, and the monitor keeps them in memory.</summary>
    public void CheckContainer(LogContainer container, IReadOnlyDictionary<string, string> options)
    {
        if (Attributes(container, options) is not { } attributes)
            return;
        int length = Encoding.UTF8.GetByteCount(attributes);
        if (length > LongestAttributes)
        {
            throw new LogException(
                ErrorKind.InvalidParameter,
                $"the labels and variables that the log is to carry with each line have {length} bytes, more than {LongestAttributes}");
        }
    }

    public string? FileOf(LogPlace place) => Path.Combine(place.Folder, place.ContainerId + "-json.log");

    public LogTarget Target(LogPlace place, LogContainer container, IReadOnlyDictionary<string, string> options) => new()
    {
        Driver = Name,
        Path = FileOf(place),
        MaxSize = RotationOptions.MaxSize(options),
        MaxFiles = RotationOptions.MaxFiles(options),
        Compress = RotationOptions.Compress(options),
        Attributes = Attributes(container, options),
    };

    public ILogWriter? OpenWriter(LogTarget target, ILogHost host) => new JsonFileWriter(target, host);

    public ILogReader? OpenReader(LogPlace place) => new JsonFileReader(FileOf(place)!);

    /// <summary>The <c>attrs</c> object; null for none.</summary>
    private static string? Attributes(LogContainer container, IReadOnlyDictionary<string, string> options)
    {
        if (!AttributeOptions.Any(options) || AttributeOptions.Of(container, options) is not { Count: > 0 } attributes)
            return null;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in attributes)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
