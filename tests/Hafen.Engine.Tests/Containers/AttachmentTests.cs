using Hafen.Engine.Containers;
using Hafen.Engine.Tests.Fakes;
using Hafen.Linux.Sockets;
using Hafen.Monitor.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace Hafen.Engine.Tests.Containers;

/// <summary>Clients that attach around a start.</summary>
public sealed class AttachmentTests : IDisposable
{
    private readonly StreamSocket _peer;
    private readonly StreamSocket _client;
    private readonly FakeMonitor _monitor = new(new FakeMonitors(), "id");

    public AttachmentTests() => (_client, _peer) = StreamSocket.Pair();

    public void Dispose()
    {
        _client.Dispose();
        _peer.Dispose();
    }

    [Fact]
    public async Task A_start_waits_for_a_client_that_has_its_place_already()
    {
        var attachments = new ContainerAttachments();
        var place = attachments.Reserve();
        var started = attachments.GoLiveAsync(_monitor, CancellationToken.None);
        Assert.False(started.IsCompleted);
        await attachments.AddAsync(place, Client(), CancellationToken.None);
        await started;
        Assert.Single(_monitor.AttachOrder);
        Assert.Null(attachments.Reserve());
    }

    [Fact]
    public async Task A_client_that_leaves_its_place_holds_no_start_up()
    {
        var attachments = new ContainerAttachments();
        attachments.Leave(attachments.Reserve()!);
        var late = attachments.Reserve()!;
        var started = attachments.GoLiveAsync(_monitor, CancellationToken.None);
        attachments.Leave(late);
        await started;
        Assert.Empty(_monitor.AttachOrder);
    }

    [Fact]
    public async Task A_client_that_never_comes_holds_a_start_up_for_a_time_only()
    {
        var attachments = new ContainerAttachments(arrival: TimeSpan.Zero, TimeProvider.System);
        var place = attachments.Reserve();
        await attachments.GoLiveAsync(_monitor, CancellationToken.None);
        await attachments.AddAsync(place, Client(), CancellationToken.None);
        Assert.Empty(_monitor.AttachOrder);
        Assert.True(_client.IsClosed);
    }

    [Fact]
    public async Task Many_clients_that_never_come_hold_a_start_up_no_longer_than_one()
    {
        var clock = new FakeTimeProvider();
        var limit = TimeSpan.FromSeconds(5);
        var attachments = new ContainerAttachments(limit, clock);
        for (int i = 0; i < 10; i++)
            attachments.Reserve();
        var started = attachments.GoLiveAsync(_monitor, CancellationToken.None);
        Assert.False(started.IsCompleted);
        clock.Advance(limit);
        await started.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Null(attachments.Reserve());
    }

    [Fact]
    public async Task Who_waits_for_a_start_that_never_comes_sees_the_end()
    {
        var attachments = new ContainerAttachments();
        var early = attachments.Reserve();
        await attachments.AddAsync(early, Client(), CancellationToken.None);
        var late = attachments.Reserve();
        attachments.Drop();
        Assert.True(_client.IsClosed);
        var (other, peer) = StreamSocket.Pair();
        using (peer)
            await attachments.AddAsync(late, new AttachedClient(new MonitorAttach(), other), CancellationToken.None);
        Assert.True(other.IsClosed);
    }

    private AttachedClient Client() => new(new MonitorAttach(), _client);
}
