using System.Globalization;
using Hafen.Api;
using Hafen.Cli.Formatting.Units;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--mount type=bind,src=/a,dst=/b,readonly</c>.</summary>
internal static class MountSpec
{
    private static readonly IReadOnlySet<string> s_switches =
        new HashSet<string> { "readonly", "ro", "volume-nocopy", "bind-nonrecursive", "bind-create-src" };

    public static MountRequest Parse(string text)
    {
        var state = new Fields();
        foreach (string field in CsvFields.Split(text))
            state.Take(field);
        return state.Build(text);
    }

    /// <summary>The options met so far.</summary>
    private sealed class Fields
    {
        private readonly Dictionary<string, string> _volumeLabels = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _driverOptions = new(StringComparer.Ordinal);
        private string _type = "volume";
        private string? _source;
        private string? _target;
        private bool _readOnly;
        private string? _consistency;
        private BindOptions? _bind;
        private VolumeOptions? _volume;
        private TmpfsOptions? _tmpfs;
        private ImageMountOptions? _image;
        private string? _driverName;

        public void Take(string field)
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            string key = (equals < 0 ? field : field[..equals]).ToLowerInvariant();
            if (equals < 0 && !s_switches.Contains(key))
                throw new FormatException($"invalid field '{field}' must be a key=value pair");
            string value = equals < 0 ? "true" : field[(equals + 1)..];
            switch (key)
            {
                case "type": _type = value.ToLowerInvariant(); break;
                case "source" or "src": _source = Source(value); break;
                case "target" or "dst" or "destination": _target = value; break;
                case "readonly" or "ro": _readOnly = Flag(key, value); break;
                case "consistency": _consistency = value.ToLowerInvariant(); break;
                case "bind-propagation": _bind = (_bind ?? new()) with { Propagation = value.ToLowerInvariant() }; break;
                case "bind-nonrecursive": _bind = (_bind ?? new()) with { NonRecursive = Flag(key, value) }; break;
                case "bind-recursive": _bind = Recursive(value); break;
                case "bind-create-src": _bind = (_bind ?? new()) with { CreateMountpoint = Flag(key, value) }; break;
                case "volume-subpath": _volume = (_volume ?? new()) with { Subpath = value }; break;
                case "volume-nocopy": _volume = (_volume ?? new()) with { NoCopy = Flag(key, value) }; break;
                case "volume-label": AddTo(_volumeLabels, value); break;
                case "volume-driver": _driverName = value; break;
                case "volume-opt": AddTo(_driverOptions, value); break;
                case "image-subpath": _image = new ImageMountOptions { Subpath = value }; break;
                case "tmpfs-size": _tmpfs = (_tmpfs ?? new()) with { SizeBytes = Size(key, value) }; break;
                case "tmpfs-mode": _tmpfs = (_tmpfs ?? new()) with { Mode = Mode(key, value) }; break;
                default: throw new FormatException($"unexpected key '{key}' in '{field}'");
            }
        }

        public MountRequest Build(string text)
        {
            if (text.Length == 0)
                throw new FormatException("value is empty");
            if (_type.Length == 0)
                throw new FormatException("type is required");
            if (string.IsNullOrEmpty(_target))
                throw new FormatException("target is required");
            if (_volumeLabels.Count > 0)
                _volume = (_volume ?? new()) with { Labels = _volumeLabels };
            if (_driverName is not null || _driverOptions.Count > 0)
                _volume = (_volume ?? new()) with { DriverConfig = new VolumeDriverConfig { Name = _driverName, Options = _driverOptions.Count > 0 ? _driverOptions : null } };
            Mismatch("bind", _bind is not null);
            Mismatch("volume", _volume is not null);
            Mismatch("image", _image is not null);
            Mismatch("tmpfs", _tmpfs is not null);
            if (_bind is { ReadOnlyNonRecursive: true } or { ReadOnlyForceRecursive: true } && !_readOnly)
                throw new FormatException($"option 'bind-recursive={(_bind.ReadOnlyNonRecursive ? "writable" : "readonly")}' requires 'readonly' to be specified in conjunction");
            if (_bind is { ReadOnlyForceRecursive: true } && _bind.Propagation != "rprivate")
                throw new FormatException("option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction");
            return new MountRequest
            {
                Type = _type,
                Source = _source,
                Target = _target,
                ReadOnly = _readOnly,
                Consistency = _consistency,
                BindOptions = _bind,
                VolumeOptions = _volume,
                ImageOptions = _image,
                TmpfsOptions = _tmpfs,
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
            "enabled" => (_bind ?? new()) with { NonRecursive = false },
            "disabled" => (_bind ?? new()) with { NonRecursive = true },
            "writable" => (_bind ?? new()) with { ReadOnlyNonRecursive = true },
            "readonly" => (_bind ?? new()) with { ReadOnlyForceRecursive = true },
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
            catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"invalid value for {key}: {value}"));
            }
        }

        private void Mismatch(string kind, bool given)
        {
            if (given && _type != kind)
                throw new FormatException($"cannot mix '{kind}-*' options with mount type '{_type}'");
        }
    }
}
