namespace Hafen.Networking;

/// <summary>The networks of this host and the sandboxes that are in them.</summary>
public interface INetworks : IAsyncDisposable
{
    /// <summary>What the operator should know about this host, for example a firewall that drops what containers send. Filled by <see cref="OpenAsync"/>.</summary>
    IReadOnlyList<string> Warnings { get; }

    /// <summary>Makes what the kernel holds of the networks where it is not there yet, and repairs it.</summary>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Those that the engine makes, then the others by name.</summary>
    IReadOnlyList<NetworkInfo> List();

    /// <summary>Finds by name, ID or unambiguous ID prefix.</summary>
    /// <exception cref="NetworkException">The prefix is ambiguous.</exception>
    NetworkInfo? Find(string nameOrId);

    /// <summary>
    /// The network that a container's request means: by name, ID or unambiguous ID prefix, and <c>default</c> for the one that is taken when nothing is said.
    /// This is the only place where that is decided; who asks goes on with what is found. Null when there is none.
    /// </summary>
    /// <exception cref="NetworkException">The prefix is ambiguous.</exception>
    NetworkInfo? ForContainer(string reference);

    /// <summary>Makes a network. It is on the disk and in the kernel when this returns, and nowhere when it fails.</summary>
    /// <exception cref="NetworkException">The name is taken, there is no such driver, or the driver cannot make it.</exception>
    Task<NetworkInfo> CreateAsync(NetworkRequest request, CancellationToken cancellationToken);

    /// <summary>Removes a network that was made by <see cref="CreateAsync"/>.</summary>
    /// <param name="id">Its full ID.</param>
    /// <exception cref="NetworkException">There is none, it is one of the engine's, or a sandbox is in it.</exception>
    Task RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Begins a sandbox. What is left of a former one of the same ID is given back first.</summary>
    /// <param name="id">That of the container it is for.</param>
    /// <exception cref="NetworkException">The former one cannot be given back.</exception>
    Task<ISandbox> CreateSandboxAsync(string id, CancellationToken cancellationToken);

    /// <summary>The sandbox of an ID, made or restored; null when there is none.</summary>
    ISandbox? FindSandbox(string id);

    /// <summary>Gives back all that a sandbox holds; one that is not there holds nothing.</summary>
    Task ReleaseSandboxAsync(string id, CancellationToken cancellationToken);

    /// <summary>After a daemon restart: takes note of the sandboxes of containers that still run, and removes every interface of ours that is nobody's.</summary>
    Task RestoreAsync(IReadOnlyList<RunningSandbox> running, CancellationToken cancellationToken);
}
