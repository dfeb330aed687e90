using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Events;
using Hafen.Engine.Exec;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Seccomp;

namespace Hafen.Engine.Tests.Fakes;

/// <summary>An engine over fakes, with a folder of its own on disk.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly string _root = Directory.CreateTempSubdirectory("hafen-engine-").FullName;
    private readonly EventSubscription _events;

    private readonly string? _cgroupParent;

    /// <param name="cgroupParent">Where the engine would make its containers' cgroups; null for the usual one of tests.</param>
    public TestEngine(string? cgroupParent = null)
    {
        _cgroupParent = cgroupParent;
        Engine = Make();
        _events = Events.Subscribe(null, null, FilterSet.Empty);
    }

    public FakeMonitors Monitors { get; private set; } = new();
    public FakeNetworks Networks { get; private set; } = new();
    public FakeSnapshots Snapshots { get; } = new();
    public FakeImages Images { get; } = new();
    public FakeVolumes Volumes { get; } = new();
    public EventStream Events { get; } = new();
    public HostFacts Host { get; set; } = FakeHost.Facts;
    public EngineComposition Engine { get; private set; }
    public ContainerUseCases Containers => Engine.Containers;
    public ExecUseCases Execs => Engine.Execs;
    public ContainerStore Store => Engine.Store;
    public TimeSpan StartsAtOpenLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longer than any machine takes from a create to its start; a test that waits for its end makes it short before the create.</summary>
    public TimeSpan EarlyMonitorLimit { set => Engine.Options.Replace(Engine.Options.Value with { EarlyMonitorLimit = value }); }
    public RecordingLog Log { get; } = new();
    public string RunRoot => Path.Combine(_root, "run");

    public async Task<string> CreateAsync(HostConfig? host = null, string? name = null, Func<ContainerCreateRequest, ContainerCreateRequest>? more = null)
    {
        var body = new ContainerCreateRequest
        {
            Image = "busybox",
            HostConfig = (host ?? new HostConfig()) with { SecurityOpt = ["seccomp=unconfined"], NetworkMode = host?.NetworkMode ?? "none" },
        };
        var created = await Containers.Create.RunAsync(new CreateContainerRequest { Name = name, Body = more is null ? body : more(body) }, CancellationToken.None);
        return created.Id;
    }

    public Task StartAsync(string id) => Containers.Start.RunAsync(id, CancellationToken.None);

    public async Task<string> RunAsync(HostConfig? host = null, string? name = null)
    {
        string id = await CreateAsync(host, name);
        await StartAsync(id);
        return id;
    }

    /// <summary>Of a container that is not being started at this moment.</summary>
    public string CreateExec(string id, ExecCreateRequest request) => Execs.Create.RunAsync(id, request, CancellationToken.None).GetAwaiter().GetResult();

    public ContainerInspect Inspect(string id) => Containers.Inspect.Run(id, size: false);

    public string Status(string id) => Inspect(id).State.Status;

    /// <summary>Of an exec that is known, or of which nothing more is to be heard.</summary>
    public ExecInspect InspectExec(string id) => Execs.Inspect.RunAsync(id, CancellationToken.None).GetAwaiter().GetResult();

    public Task<WaitResult> WaitAsync(string id, WaitCondition condition)
        => Containers.Wait.RunAsync(id, condition, CancellationToken.None).WaitAsync(s_limit);

    /// <summary>Waits until something is true that another task brings about.</summary>
    public static async Task EventuallyAsync(Func<bool> condition)
    {
        var limit = DateTime.UtcNow + s_limit;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < limit, "it did not become true in time");
            await Task.Delay(5);
        }
    }

    /// <summary>Waits until the engine does nothing any more, in the background neither: what has not happened by then does not happen.</summary>
    public async Task QuietAsync()
    {
        // What runs may begin further work before it ends.
        for (int round = 0; round < 5; round++)
            await Engine.Background.WhenDoneAsync(CancellationToken.None).WaitAsync(s_limit);
    }

    /// <summary>The actions of the container events since the last call.</summary>
    public List<string> Actions()
    {
        var actions = new List<string>();
        while (_events.Reader.TryRead(out var message))
        {
            if (message.Type == "container")
                actions.Add(message.Action);
        }
        return actions;
    }

    /// <summary>The same up to an action that another task is about to tell.</summary>
    public async Task<List<string>> ActionsUntilAsync(string last)
    {
        var actions = new List<string>();
        await EventuallyAsync(() =>
        {
            actions.AddRange(Actions());
            return actions.Contains(last);
        });
        return actions;
    }

    /// <summary>The daemon dies and another one starts on the same disk.</summary>
    public async Task CrashAndOpenAsync(Action<FakeMonitors>? monitors = null, Action<FakeNetworks>? networks = null)
    {
        await Engine.Stopping.BeginAsync();
        Monitors = new FakeMonitors();
        Networks = new FakeNetworks();
        monitors?.Invoke(Monitors);
        networks?.Invoke(Networks);
        Engine = Make();
        await Engine.Open.RunAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.Stop.RunAsync(CancellationToken.None);
        _events.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private EngineComposition Make()
    {
        var options = FakeHost.Options(_root);
        options = options with { CgroupParent = _cgroupParent ?? options.CgroupParent, StartsAtOpenLimit = StartsAtOpenLimit, EarlyMonitorLimit = TimeSpan.FromMinutes(5) };
        Directory.CreateDirectory(Path.Combine(options.Root, "containers"));
        return new EngineComposition(
            options, Images, Snapshots, Networks, Volumes, Monitors, Events, CgroupHierarchies.Detect(), new SeccompPrograms(Path.Combine(_root, "seccomp")), Host, Log);
    }
}
