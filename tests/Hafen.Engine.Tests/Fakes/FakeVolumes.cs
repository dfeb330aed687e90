using Hafen.Errors;
using Hafen.Volumes;

namespace Hafen.Engine.Tests.Fakes;

internal sealed class FakeVolumes : IVolumes
{
    private int _next;

    public Dictionary<string, Volume> Volumes { get; } = [];
    public List<string> Populated { get; } = [];
    public IReadOnlyList<string> Drivers => ["local"];
    public IReadOnlyList<string> Warnings { get; set; } = [];

    public Volume? Find(string name) => Volumes.GetValueOrDefault(name);

    public IReadOnlyList<Volume> List() => [.. Volumes.Values];

    public ValueTask<Volume> CreateAsync(
        string? name, string? driver, IReadOnlyDictionary<string, string>? options, IReadOnlyDictionary<string, string>? labels, CancellationToken cancellationToken)
    {
        name ??= $"anonymous{_next++}";
        if (name.Contains('!'))
            throw new VolumeException(ErrorKind.InvalidParameter, $"bad name {name}");
        return new(Volumes[name] = new Volume
        {
            Name = name,
            Driver = "local",
            Scope = VolumeScope.Local,
            Mountpoint = $"/v/{name}/_data",
            CreatedAt = DateTimeOffset.UtcNow,
            Options = new Dictionary<string, string>(),
            Labels = new Dictionary<string, string>(),
        });
    }

    public HashSet<(string Name, string User)> Mounted { get; } = [];

    /// <summary>Happens while a container's volumes are filled.</summary>
    public Func<Task>? Meanwhile { get; set; }

    /// <summary>What mounts and fillings of a volume wait for, until that is done or their caller leaves.</summary>
    public Dictionary<string, Task> Hanging { get; } = [];

    public ValueTask HoldAsync(string name, string user, CancellationToken cancellationToken)
    {
        Mounted.Add((name, user));
        return ValueTask.CompletedTask;
    }

    public async ValueTask<string> MountAsync(string name, string user, CancellationToken cancellationToken)
    {
        Mounted.Add((name, user));
        await HangAsync(name, cancellationToken);
        return Volumes[name].Mountpoint;
    }

    public Exception? UnmountFailure { get; set; }

    public ValueTask UnmountAsync(string name, string user, CancellationToken cancellationToken)
    {
        if (UnmountFailure is not null)
            throw UnmountFailure;
        Mounted.Remove((name, user));
        return ValueTask.CompletedTask;
    }

    public async ValueTask PopulateAsync(string name, IReadOnlyList<string> layers, string path, CancellationToken cancellationToken)
    {
        Populated.Add(path);
        await HangAsync(name, cancellationToken);
        if (Meanwhile is not null)
            await Meanwhile();
    }

    public ValueTask RemoveAsync(string name, CancellationToken cancellationToken)
    {
        if (Mounted.Any(mount => mount.Name == name))
            throw new VolumeException(ErrorKind.Conflict, $"remove {name}: volume is in use");
        Volumes.Remove(name);
        return ValueTask.CompletedTask;
    }

    /// <summary>Happens when somebody asks for a volume's size.</summary>
    public Action<string>? Measured { get; set; }

    public ValueTask<long?> UsageAsync(string name, CancellationToken cancellationToken)
    {
        Measured?.Invoke(name);
        return Volumes.ContainsKey(name) ? new(0) : throw new VolumeException(ErrorKind.NotFound, $"get {name}: no such volume");
    }

    private Task HangAsync(string name, CancellationToken cancellationToken) => (Hanging.GetValueOrDefault(name) ?? Task.CompletedTask).WaitAsync(cancellationToken);
}
