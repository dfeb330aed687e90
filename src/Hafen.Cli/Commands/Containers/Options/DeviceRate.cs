using Hafen.Api;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Units;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary>Limits of one device: <c>/dev/sda:10mb</c>.</summary>
internal static class DeviceRate
{
    public static BlkioWeightDevice Weight(string text)
    {
        var (path, value) = Split(text);
        if (!ushort.TryParse(value, out ushort weight) || (weight > 0 && weight is < 10 or > 1000))
            throw new FormatException($"invalid weight for device: {text}");
        return new BlkioWeightDevice { Path = path, Weight = weight };
    }

    public static BlkioThrottleDevice Bytes(string text)
    {
        var (path, value) = Split(text);
        try
        {
            return new BlkioThrottleDevice { Path = path, Rate = (ulong)ByteSize.Parse(value) };
        }
        catch (FormatException)
        {
            throw new FormatException($"invalid rate for device: {text}. The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb");
        }
    }

    public static BlkioThrottleDevice Operations(string text)
    {
        var (path, value) = Split(text);
        return ulong.TryParse(value, out ulong rate)
            ? new BlkioThrottleDevice { Path = path, Rate = rate }
            : throw new FormatException($"invalid rate for device: {text}. The correct format is <device-path>:<number>. Number must be a positive integer");
    }

    private static (string Path, string Value) Split(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
            throw new FormatException($"bad format: {text}");
        return text.StartsWith("/dev/", StringComparison.Ordinal)
            ? (text[..colon], text[(colon + 1)..])
            : throw new FormatException($"bad format for device path: {text}");
    }
}
