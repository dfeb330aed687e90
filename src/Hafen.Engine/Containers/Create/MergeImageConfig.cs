using Hafen.Api;
using Hafen.Oci.Images;

namespace Hafen.Engine.Containers.Create;

/// <summary>Fills what a request leaves open with the image's defaults, by Docker's rules.</summary>
internal static class MergeImageConfig
{
    /// <exception cref="EngineException">Neither request nor image names a command.</exception>
    public static ContainerConfig Merge(ContainerConfig request, ImageProcessConfig? image)
    {
        image ??= new ImageProcessConfig();
        string[]? entrypoint = request.Entrypoint;
        string[]? command = request.Cmd;
        if (entrypoint is not { Length: > 0 })
        {
            // An entrypoint of the request's own, even an empty one, makes the image's command meaningless.
            if (command is not { Length: > 0 })
                command = image.Cmd;
            entrypoint ??= image.Entrypoint;
        }
        if (entrypoint is [""])
            entrypoint = null;
        if (entrypoint is not { Length: > 0 } && command is not { Length: > 0 })
            throw EngineException.InvalidParameter("no command specified");

        return new ContainerConfig
        {
            Hostname = request.Hostname,
            Domainname = request.Domainname,
            User = Or(request.User, image.User),
            AttachStdin = request.AttachStdin,
            AttachStdout = request.AttachStdout,
            AttachStderr = request.AttachStderr,
            ExposedPorts = Union(request.ExposedPorts, image.ExposedPorts?.Keys),
            Tty = request.Tty,
            OpenStdin = request.OpenStdin,
            StdinOnce = request.StdinOnce,
            Env = MergeEnvironment(request.Env, image.Env),
            Cmd = command,
            Healthcheck = MergeHealthcheck(request.Healthcheck, image.Healthcheck),
            ArgsEscaped = request.ArgsEscaped,
            Image = request.Image,
            Volumes = Union(request.Volumes, image.Volumes?.Keys),
            WorkingDir = Or(request.WorkingDir, image.WorkingDir),
            Entrypoint = entrypoint,
            NetworkDisabled = request.NetworkDisabled,
            OnBuild = request.OnBuild,
            Labels = MergeLabels(request.Labels, image.Labels),
            StopSignal = Or(request.StopSignal, image.StopSignal),
            StopTimeout = request.StopTimeout ?? image.StopTimeout,
            Shell = request.Shell is { Length: > 0 } ? request.Shell : image.Shell,
        };
    }

    /// <summary>The request's variables, then those of the image the request does not set.</summary>
    private static string[]? MergeEnvironment(string[]? request, string[]? image)
    {
        if (request is not { Length: > 0 })
            return image ?? request;
        if (image is not { Length: > 0 })
            return request;
        var merged = new List<string>(request);
        foreach (string variable in image)
        {
            var key = Key(variable);
            bool set = false;
            foreach (string own in request)
            {
                if (!Key(own).SequenceEqual(key))
                    continue;
                set = true;
                break;
            }
            if (!set)
                merged.Add(variable);
        }
        return [.. merged];
    }

    private static ReadOnlySpan<char> Key(string variable)
    {
        int equals = variable.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? variable : variable.AsSpan(0, equals);
    }

    private static Dictionary<string, EmptyObject>? Union(Dictionary<string, EmptyObject>? request, IEnumerable<string>? image)
    {
        if (image is null)
            return request is { Count: > 0 } ? request : null;
        var union = new Dictionary<string, EmptyObject>(request ?? [], StringComparer.Ordinal);
        foreach (string key in image)
            union.TryAdd(key, EmptyObject.Value);
        return union.Count == 0 ? null : union;
    }

    private static Dictionary<string, string> MergeLabels(Dictionary<string, string>? request, Dictionary<string, string>? image)
    {
        var labels = new Dictionary<string, string>(image ?? [], StringComparer.Ordinal);
        foreach (var (name, value) in request ?? [])
            labels[name] = value;
        return labels;
    }

    private static HealthConfig? MergeHealthcheck(HealthConfig? request, ImageHealthcheck? image)
    {
        if (image is null)
            return request;
        var own = request ?? new HealthConfig();
        return new HealthConfig
        {
            Test = own.Test is { Length: > 0 } ? own.Test : image.Test,
            Interval = own.Interval != 0 ? own.Interval : image.Interval ?? 0,
            Timeout = own.Timeout != 0 ? own.Timeout : image.Timeout ?? 0,
            StartPeriod = own.StartPeriod != 0 ? own.StartPeriod : image.StartPeriod ?? 0,
            StartInterval = own.StartInterval != 0 ? own.StartInterval : image.StartInterval ?? 0,
            Retries = own.Retries != 0 ? own.Retries : image.Retries ?? 0,
        };
    }

    private static string? Or(string? request, string? image) => string.IsNullOrEmpty(request) ? image : request;
}
