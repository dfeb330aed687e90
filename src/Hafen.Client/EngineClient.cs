using Hafen.Api;
using Hafen.Client.Containers;
using Hafen.Client.Daemon;
using Hafen.Client.Endpoints;
using Hafen.Client.Exec;
using Hafen.Client.Http;
using Hafen.Client.Images;
using Hafen.Client.Volumes;

namespace Hafen.Client;

/// <summary>The Engine API of one daemon, by noun. Calls block; errors are <see cref="Errors.ApiException"/>.</summary>
public sealed class EngineClient : IDisposable
{
    public EngineClient(DaemonEndpoint endpoint, ApiVersion? version = null)
    {
        Transport = new ApiTransport(endpoint, version);
        Containers = new ContainerCalls(Transport);
        Images = new ImageCalls(Transport);
        Volumes = new VolumeCalls(Transport);
        Execs = new ExecCalls(Transport);
        Daemon = new DaemonCalls(Transport);
        Objects = new ObjectCalls(Transport);
    }

    public ApiTransport Transport { get; }

    public ContainerCalls Containers { get; }

    public ImageCalls Images { get; }

    public VolumeCalls Volumes { get; }

    public ExecCalls Execs { get; }

    public DaemonCalls Daemon { get; }

    /// <summary>Networks, volumes and other objects that only <c>inspect</c> looks at.</summary>
    public ObjectCalls Objects { get; }

    public void Dispose() => Transport.Dispose();
}
