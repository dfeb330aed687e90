using Hafen.Api;
using Hafen.Client.Blocking;
using Hafen.Client.Containers;
using Hafen.Client.Daemon;
using Hafen.Client.Endpoints;
using Hafen.Client.Exec;
using Hafen.Client.Http;
using Hafen.Client.Images;
using Hafen.Client.Volumes;

namespace Hafen.Client;

/// <summary>
/// The Engine API of one daemon, by noun. A call is described once, as data: its <c>Run</c> waits, its <c>RunAsync</c> does not, and either goes
/// over whatever transport the client has (0123).
/// </summary>
public sealed class EngineClient : IDisposable
{
    /// <summary>Over blocking sockets, for a program that lives for milliseconds.</summary>
    /// <param name="endpoint">Where the daemon listens.</param>
    /// <param name="version">An API version to insist on, or null to negotiate.</param>
    public EngineClient(DaemonEndpoint endpoint, ApiVersion? version = null)
        : this(new BlockingTransport(endpoint, version))
    {
    }

    /// <param name="transport">How requests reach the daemon. It is this client's from now on, and ends with it.</param>
    public EngineClient(IApiTransport transport)
    {
        Transport = transport;
        Containers = new ContainerCalls(Transport);
        Images = new ImageCalls(Transport);
        Volumes = new VolumeCalls(Transport);
        Execs = new ExecCalls(Transport);
        Daemon = new DaemonCalls(Transport);
        Objects = new ObjectCalls(Transport);
    }

    public IApiTransport Transport { get; }

    public ContainerCalls Containers { get; }

    public ImageCalls Images { get; }

    public VolumeCalls Volumes { get; }

    public ExecCalls Execs { get; }

    public DaemonCalls Daemon { get; }

    /// <summary>Networks, volumes and other objects that only <c>inspect</c> looks at.</summary>
    public ObjectCalls Objects { get; }

    public void Dispose() => Transport.Dispose();
}
