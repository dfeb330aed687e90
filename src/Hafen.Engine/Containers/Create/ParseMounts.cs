using Hafen.Api;
using Hafen.Engine.State;

namespace Hafen.Engine.Containers.Create;

/// <summary>Turns <c>-v</c>, <c>--mount</c>, <c>--tmpfs</c> and the image's volumes into mounts. Decides from the request alone.</summary>
internal static class ParseMounts
{
    /// <summary>A <c>-v</c> text: <c>[SOURCE:]DESTINATION[:MODE]</c>.</summary>
    /// <exception cref="EngineException">Malformed.</exception>
    public static (ContainerMount Mount, MountMode Mode) Bind(string text, string? volumeDriver)
    {
        string[] parts = text.Split(':', 4);
        if (parts[0].Length == 0 || parts.Length > 3 || (parts.Length == 2 && MountMode.TryParse(parts[1], out _)))
            throw Malformed(text);
        string? source = parts.Length > 1 ? parts[0] : null;
        string target = parts.Length > 1 ? parts[1] : parts[0];
        string words = parts.Length > 2 ? parts[2] : "";
        if (!MountMode.TryParse(words, out var mode))
            throw EngineException.InvalidParameter($"invalid mode: {words}");

        string kind = source is not null && source.StartsWith('/') ? "bind" : "volume";
        string? problem = TargetProblem(target);
        if (problem is null && kind == "bind" && mode.NoCopy is not null)
            problem = "field VolumeOptions must not be specified";
        if (problem is null && kind == "volume" && mode.Propagation is not null)
            problem = "field BindOptions must not be specified";
        if (problem is null && kind == "volume" && source is null && mode.ReadOnly)
            problem = "must not set ReadOnly mode when using anonymous volumes";
        if (problem is not null)
            throw EngineException.InvalidParameter($"invalid volume specification: '{text}': invalid mount config for type \"{kind}\": {problem}");

        return (new ContainerMount
        {
            Type = kind,
            Name = kind == "volume" ? source : null,
            Source = kind == "bind" ? CleanPath.Of(source!) : null,
            Destination = CleanPath.Of(target),
            Driver = kind == "volume" ? volumeDriver : null,
            Mode = kind == "volume" && words.Length == 0 ? MountMode.Relabelled : words,
            Writable = !mode.ReadOnly,
            Propagation = kind == "bind" ? mode.Propagation ?? MountMode.DefaultPropagation : null,
            Anonymous = kind == "volume" && source is null,
        }, mode);
    }

    /// <summary>A <c>--mount</c> request. Whether a bind's source exists is asked through <paramref name="exists"/>.</summary>
    /// <exception cref="EngineException">Malformed, or the source is missing.</exception>
    public static (ContainerMount Mount, bool NoCopy) Request(MountRequest request, Func<string, bool> exists)
    {
        string? problem = string.IsNullOrEmpty(request.Target) ? "field Target must not be empty" : TargetProblem(request.Target);
        problem ??= request.Type switch
        {
            "bind" => BindProblem(request, exists),
            "volume" => VolumeProblem(request),
            "tmpfs" => TmpfsProblem(request),
            "image" => "mounting images is not supported",
            _ => "mount type unknown",
        };
        if (problem is not null)
            throw EngineException.InvalidParameter($"invalid mount config for type \"{request.Type}\": {problem}");

        var bind = request.BindOptions;
        return (new ContainerMount
        {
            Type = request.Type!,
            Name = request.Type == "volume" && !string.IsNullOrEmpty(request.Source) ? request.Source : null,
            Source = request.Type == "bind" ? CleanPath.Of(request.Source!) : null,
            Destination = CleanPath.Of(request.Target!),
            Driver = request.VolumeOptions?.DriverConfig?.Name,
            Mode = request.Type == "volume" ? MountMode.Relabelled : "",
            Writable = !request.ReadOnly,
            Propagation = request.Type == "bind" ? Or(bind?.Propagation, MountMode.DefaultPropagation) : null,
            Anonymous = request.Type == "volume" && string.IsNullOrEmpty(request.Source),
            NonRecursive = bind?.NonRecursive ?? false,
            ReadOnlyNonRecursive = bind?.ReadOnlyNonRecursive ?? false,
            ReadOnlyForceRecursive = bind?.ReadOnlyForceRecursive ?? false,
            CreateSource = bind?.CreateMountpoint ?? false,
            Subpath = request.VolumeOptions?.Subpath,
            TmpfsOptions = request.Type == "tmpfs" ? TmpfsSettings.FromMount(request.TmpfsOptions, request.ReadOnly) : null,
            FromMounts = true,
        }, request.VolumeOptions?.NoCopy ?? false);
    }

    /// <summary>An anonymous volume of the image or of <c>-v PATH</c>'s older form in <c>Volumes</c>.</summary>
    public static ContainerMount Anonymous(string destination, string? volumeDriver)
    {
        // VOLUME data in a Dockerfile is the folder of that name below the root, and is shown as it was written.
        if (TargetProblem("/" + destination) is { } problem)
            throw EngineException.InvalidParameter($"invalid volume specification: '{destination}': invalid mount config for type \"volume\": {problem}");
        return new ContainerMount { Type = "volume", Destination = CleanPath.Of(destination), Driver = volumeDriver, Mode = "", Writable = true, Anonymous = true };
    }

    /// <exception cref="EngineException">The path is no place for a tmpfs.</exception>
    public static void CheckTmpfsPath(string destination)
    {
        if (TargetProblem(destination) is { } problem)
            throw EngineException.InvalidParameter(problem);
    }

    private static string? TargetProblem(string target)
    {
        if (CleanPath.Of(target) == "/")
            return "invalid specification: destination can't be '/'";
        return target.StartsWith('/') ? null : $"invalid mount path: '{target}' mount path must be absolute";
    }

    private static string? BindProblem(MountRequest request, Func<string, bool> exists)
    {
        if (string.IsNullOrEmpty(request.Source))
            return "field Source must not be empty";
        if (request.BindOptions?.Propagation is { Length: > 0 } propagation && !MountMode.IsPropagation(propagation))
            return $"invalid propagation mode: {propagation}";
        if (request.VolumeOptions is not null)
            return "field VolumeOptions must not be specified";
        if (request.TmpfsOptions is not null)
            return "field TmpfsOptions must not be specified";
        if (!request.Source.StartsWith('/'))
            return $"invalid mount path: '{request.Source}' mount path must be absolute";
        if (request.BindOptions is { ReadOnlyNonRecursive: true, ReadOnlyForceRecursive: true })
            return "mount options conflict: ReadOnlyNonRecursive and ReadOnlyForceRecursive";
        if (request.BindOptions is { ReadOnlyForceRecursive: true } && !request.ReadOnly)
            return "mount option ReadOnlyForceRecursive requires a read-only mount";
        if (request.BindOptions?.CreateMountpoint != true && !exists(request.Source))
            return $"bind source path does not exist: {request.Source}";
        return null;
    }

    private static string? VolumeProblem(MountRequest request)
    {
        if (request.BindOptions is not null)
            return "field BindOptions must not be specified";
        if (request.TmpfsOptions is not null)
            return "field TmpfsOptions must not be specified";
        bool anonymous = string.IsNullOrEmpty(request.Source);
        if (request.VolumeOptions?.Subpath is { Length: > 0 } subpath)
        {
            if (anonymous)
                return "must not set Subpath when using anonymous volumes";
            if (subpath.StartsWith('/') || subpath.Split('/').Contains(".."))
                return "subpath must be a relative path within the volume";
        }
        return request.ReadOnly && anonymous ? "must not set ReadOnly mode when using anonymous volumes" : null;
    }

    private static string? TmpfsProblem(MountRequest request)
    {
        if (request.BindOptions is not null)
            return "field BindOptions must not be specified";
        if (request.VolumeOptions is not null)
            return "field VolumeOptions must not be specified";
        return string.IsNullOrEmpty(request.Source) ? null : "field Source must not be specified";
    }

    private static string Or(string? value, string other) => string.IsNullOrEmpty(value) ? other : value;

    private static EngineException Malformed(string text) => EngineException.InvalidParameter($"invalid volume specification: '{text}'");
}
