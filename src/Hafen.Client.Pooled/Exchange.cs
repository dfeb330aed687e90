namespace Hafen.Client.Pooled;

/// <summary>What one request holds beside its connection: a client of its own, when the connection is to carry nothing else, and what is still being sent.</summary>
internal sealed class Exchange : IDisposable
{
    private readonly HttpMessageInvoker? _own;
    private UploadContent? _upload;

    private Exchange(HttpMessageInvoker client) => Client = client;

    private Exchange(Dialer dialer)
    {
        _own = dialer.NewClient(connection =>
        {
            Connection = connection;
            if (_upload is not null)
                _upload.Connection = connection;
        });
        Client = _own;
    }

    /// <summary>What sends the request.</summary>
    public HttpMessageInvoker Client { get; }

    /// <summary>The connection, of an exchange that has its own, once it stands.</summary>
    public ConnectionStream? Connection { get; private set; }

    /// <summary>Over whatever connection of a pool is free.</summary>
    public static Exchange OverPool(HttpMessageInvoker pool) => new(pool);

    /// <summary>Over a connection that is made for it and ends with it.</summary>
    public static Exchange OfItsOwn(Dialer dialer) => new(dialer);

    /// <summary>A body that is read while it is sent, until the exchange ends.</summary>
    public HttpContent Upload(Stream source) => _upload = new UploadContent(source);

    public void Dispose()
    {
        // Who reads the source meanwhile ends by itself: its connection is gone.
        _ = _upload?.StopAsync();
        _own?.Dispose();
        Connection?.End();
    }
}
