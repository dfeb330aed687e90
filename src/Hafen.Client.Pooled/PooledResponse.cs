using Hafen.Client.Http;

namespace Hafen.Client.Pooled;

/// <summary>An answer over a connection of the pool, or over one of its own.</summary>
internal sealed class PooledResponse(HttpResponseMessage message, ResponseHead head, Exchange exchange) : ApiResponse(head)
{
    private readonly PooledBody _body = new(message.Content.ReadAsStream());

    public override Stream Body => _body;

    /// <summary>Reading and writing on a connection that was given away.</summary>
    public HijackedConnection ToHijacked()
    {
        var connection = exchange.Connection ?? throw new InvalidOperationException("a connection of the pool cannot be given away");
        connection.TakeSending();
        return new PooledHijack(this, message.Content.ReadAsStream(), connection);
    }

    protected override void Dispose(bool disposing)
    {
        _body.Dispose();
        message.Dispose();
        exchange.Dispose();
    }
}
