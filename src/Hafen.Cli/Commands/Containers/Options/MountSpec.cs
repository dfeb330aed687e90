using System.Globalization;
using Hafen.Api;
using Hafen.Cli.Formatting.Units;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--mount type=bind,src=/a,dst=/b,readonly</c>.</summary>
internal static class MountSpec
{
    private static readonly IReadOnlySet<string> Switches =
        new HashSet<string> { "readonly", "ro", "volume-nocopy", "bind-nonrecursive", "bind-create-src" };

    public static MountRequest Parse(string text)
    {
        var state = new Fields();
        foreach (var field in CsvFields.Split(text)) state.Take(field);
        return state.Build(text);
    }

    /// <summary>The options met so far.</summary>
    private sealed class Fields
    {
        private readonly Dictionary<string, string> volumeLabels = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> driverOptions = new(StringComparer.Ordinal);
        private string type = "volume";
        private string? source;
        private string? target;
        private bool readOnly;
        private string? consistency;
        private BindOptions? bind;
        private VolumeOptions? volume;
        private TmpfsOptions? tmpfs;
        private ImageMountOptions? image;
        private string? driverName;

        public void Take(string field)
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            var key = (equals < 0 ? field : field[..equals]).ToLowerInvariant();
            if (equals < 0 && !Switches.Contains(key)) throw new FormatException($"invalid field '{field}' must be a key=value pair");
            var value = equals < 0 ? "true" : field[(equals + 1)..];
            switch (key)
            {
                case "type": type = value.ToLowerInvariant(); break;
                case "source" or "src": source = Source(value); break;
                case "target" or "dst" or "destination": target = value; break;
                case "readonly" or "ro": readOnly = Flag(key, value); break;
                case "consistency": consistency = value.ToLowerInvariant(); break;
                case "bind-propagation": bind = (bind ?? new()) with { Propagation = value.ToLowerInvariant() }; break;
                case "bind-nonrecursive": bind = (bind ?? new()) with { NonRecursive = Flag(key, value) }; break;
                case "bind-recursive": bind = Recursive(value); break;
                case "bind-create-src": bind = (bind ?? new()) with { CreateMountpoint = Flag(key, value) }; break;
                case "volume-subpath": volume = (volume ?? new()) with { Subpath = value }; break;
                case "volume-nocopy": volume = (volume ?? new()) with { NoCopy = Flag(key, value) }; break;
                case "volume-label": AddTo(volumeLabels, value); break;
                case "volume-driver": driverName = value; break;
                case "volume-opt": AddTo(driverOptions, value); break;
                case "image-subpath": image = new ImageMountOptions { Subpath = value }; break;
                case "tmpfs-size": tmpfs = (tmpfs ?? new()) with { SizeBytes = Size(key, value) }; break;
                case "tmpfs-mode": tmpfs = (tmpfs ?? new()) with { Mode = Mode(key, value) }; break;
                default: throw new FormatException($"unexpected key '{key}' in '{field}'");
            }
        }

        public MountRequest Build(string text)
        {
            if (text.Length == 0) throw new FormatException("value is empty");
            if (type.Length == 0) throw new FormatException("type is required");
            if (string.IsNullOrEmpty(target)) throw new FormatException("target is required");
            if (volumeLabels.Count > 0) volume = (volume ?? new()) with { Labels = volumeLabels };
            if (driverName is not null || driverOptions.Count > 0)
                volume = (volume ?? new()) with { DriverConfig = new VolumeDriverConfig { Name = driverName, Options = driverOptions.Count > 0 ? driverOptions : null } };
            Mismatch("bind", bind is not null);
            Mismatch("volume", volume is not null);
            Mismatch("image", image is not null);
            Mismatch("tmpfs", tmpfs is not null);
            if (bind is { ReadOnlyNonRecursive: true } or { ReadOnlyForceRecursive: true } && !readOnly)
                throw new FormatException($"option 'bind-recursive={(bind.ReadOnlyNonRecursive ? "writable" : "readonly")}' requires 'readonly' to be specified in conjunction");
            if (bind is { ReadOnlyForceRecursive: true } && bind.Propagation != "rprivate")
                throw new FormatException("option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction");
            return new MountRequest
            {
                Type = type,
                Source = source,
                Target = target,
                ReadOnly = readOnly,
                Consistency = consistency,
                BindOptions = bind,
                VolumeOptions = volume,
                ImageOptions = image,
                TmpfsOptions = tmpfs,
            };
        }

        private static string Source(string value)
            => value is "." or ".." || value.StartsWith("./", StringComparison.Ordinal) || value.StartsWith("../", StringComparison.Ordinal)
                ? Path.GetFullPath(value)
                : value;

        private static bool Flag(string key, string value) => value.ToLowerInvariant() switch
        {
            "1" or "t" or "true" => true,
            "0" or "f" or "false" => false,
            _ => throw new FormatException($"invalid value for '{key}': invalid boolean value (\"{value}\"): must be one of \"true\", \"1\", \"false\", or \"0\" (default \"true\")"),
        };

        private BindOptions Recursive(string value) => value switch
        {
            "enabled" => (bind ?? new()) with { NonRecursive = false },
            "disabled" => (bind ?? new()) with { NonRecursive = true },
            "writable" => (bind ?? new()) with { ReadOnlyNonRecursive = true },
            "readonly" => (bind ?? new()) with { ReadOnlyForceRecursive = true },
            _ => throw new FormatException($"invalid value for bind-recursive: {value} (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")"),
        };

        private static void AddTo(Dictionary<string, string> map, string value)
        {
            var pair = KeyValues.Pair(value);
            map[pair.Key] = pair.Value;
        }

        private static long Size(string key, string value)
        {
            try
            {
                return ByteSize.Parse(value);
            }
            catch (FormatException)
            {
                throw new FormatException($"invalid value for {key}: {value}");
            }
        }

        private static uint Mode(string key, string value)
        {
            try
            {
                return Convert.ToUInt32(value, 8);
            }
            catch (Exception failure) when (failure is FormatException or OverflowException or ArgumentException)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"invalid value for {key}: {value}"));
            }
        }

        private void Mismatch(string kind, bool given)
        {
            if (given && type != kind) throw new FormatException($"cannot mix '{kind}-*' options with mount type '{type}'");
        }
    }
}
