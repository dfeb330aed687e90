namespace Hafen.Client.Http;

/// <summary>One request to the Engine API.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path without the version, for example <c>/containers/json</c>, with its query.</param>
public sealed record ApiRequest(string Method, string Path)
{
    /// <summary>Body at hand, or null.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>Body to be read while it is sent, or null. It goes out in chunks, or with its length when it is a file and the transport can send it from the kernel.</summary>
    public Stream? BodyStream { get; init; }

    /// <summary>Media type of the body.</summary>
    public string? ContentType { get; init; }

    /// <summary>Ask for the raw connection (<c>Upgrade: tcp</c>), as attach and exec do.</summary>
    public bool Upgrade { get; init; }

    /// <summary>Asking twice does no more than asking once.</summary>
    public bool IsRepeatable => Method is "GET" or "HEAD";

    /// <summary>The path is sent without <c>/v1.NN</c> before it.</summary>
    public bool Unversioned { get; init; }
}
