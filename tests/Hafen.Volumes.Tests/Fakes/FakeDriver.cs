using System.Collections.Concurrent;
using Hafen.Errors;
using Hafen.Snapshots.Tests;
using Hafen.Volumes.Drivers;

namespace Hafen.Volumes.Tests.Fakes;

/// <summary>A driver with its content elsewhere, which answers when the test says so.</summary>
internal sealed class FakeDriver(string name, FakeServer server) : IVolumeDriver
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _calls = [];

    public string Name => name;

    public VolumeScope Scope => VolumeScope.Global;

    /// <summary>What was asked of it, for example <c>mount data</c>, at the time of the question.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    /// <summary>Whether it ends a call when nobody waits for it any more. The kernel does not.</summary>
    public bool HearsTokens { get; set; }

    /// <summary>Lets a call of this kind for this volume hang until the result is set, or failed.</summary>
    public TaskCompletionSource Hang(string call) => _held[call] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Check(string name, IReadOnlyDictionary<string, string> options)
    {
        if (options.Keys.FirstOrDefault() is { } option)
            throw new VolumeException(ErrorKind.InvalidParameter, $"create {name}: invalid option: \"{option}\"");
    }

    public string Path(string name) => "";

    public async ValueTask CreateAsync(Volume volume, CancellationToken cancellationToken)
    {
        await CallAsync("create", volume.Name, cancellationToken);
        server.Make(volume.Name);
    }

    public async ValueTask RemoveAsync(Volume volume, CancellationToken cancellationToken)
    {
        await CallAsync("remove", volume.Name, cancellationToken);
        server.Remove(volume.Name);
    }

    public async ValueTask<string> MountAsync(Volume volume, CancellationToken cancellationToken)
    {
        await CallAsync("mount", volume.Name, cancellationToken);
        return server.Path(volume.Name);
    }

    public ValueTask UnmountAsync(Volume volume, CancellationToken cancellationToken) => CallAsync("unmount", volume.Name, cancellationToken);

    public async ValueTask PopulateAsync(Volume volume, IReadOnlyList<string> layers, string path, CancellationToken cancellationToken)
    {
        await CallAsync("populate", volume.Name, cancellationToken);
        string target = server.Path(volume.Name), source = layers[0] + path;
        if (Directory.Exists(source) && !Directory.EnumerateFileSystemEntries(target).Any())
            Shell.Run("cp", "-a", source + "/.", target);
    }

    public async ValueTask<long?> UsageAsync(Volume volume, CancellationToken cancellationToken)
    {
        await CallAsync("usage", volume.Name, cancellationToken);
        return null;
    }

    public async ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        await CallAsync("list", "", cancellationToken);
        return server.Names;
    }

    public async ValueTask<DateTimeOffset?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await CallAsync("find", name, cancellationToken);
        return server.Find(name);
    }

    public async ValueTask OpenAsync(Volume volume, CancellationToken cancellationToken)
    {
        await CallAsync("open", volume.Name, cancellationToken);
        if (server.Find(volume.Name) is null)
            server.Make(volume.Name);
    }

    private async ValueTask CallAsync(string kind, string volume, CancellationToken cancellationToken)
    {
        string call = $"{kind} {volume}".TrimEnd();
        _calls.Enqueue(call);
        if (_held.TryRemove(call, out var held))
            await (HearsTokens ? held.Task.WaitAsync(cancellationToken) : held.Task);
    }
}
