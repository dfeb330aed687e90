using System.Runtime.ExceptionServices;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Netlink;
using Hafen.Networking.Drivers;
using Hafen.Networking.State;

namespace Hafen.Networking;

/// <content>How networks come and go.</content>
public sealed partial class HostNetworks
{
    private readonly NetworkOptions _options;

    /// <inheritdoc/>
    /// <remarks>When one of them fails the others work all the same, and whoever wants that one is told the reason.</remarks>
    /// <exception cref="NetworkException">A predefined network cannot be set up.</exception>
    public Task OpenAsync(CancellationToken cancellationToken) => _stack.InTurnAsync("failed to set up the networks", () =>
    {
        // 1. Which there are: the predefined ones, then those that people have made.
        _stack.Open(netfilter: _options.EnableFirewall);
        var stored = _store.Load(out var leftAlone);
        var networks = new List<INetwork>();
        foreach (var driver in _drivers)
        {
            if (driver is { HasPredefined: true, PredefinedName: { } name })
                networks.Add(driver.Of(stored.FirstOrDefault(record => record.Name == name && record.Driver == driver.Name) ?? NewRecord(name, driver.Name)));
        }
        foreach (var record in stored.OrderBy(static record => record.Name, StringComparer.Ordinal))
        {
            if (DriverOf(record.Driver) is { } driver && !IsReserved(record.Name))
                networks.Add(driver.Of(record));
        }
        // They are listed from the first, so that asking for one tells why it is not there.
        Publish(networks);

        // 2. Each of them, and what those of a driver share.
        var failures = new Dictionary<string, string>(StringComparer.Ordinal);
        var warnings = new List<string>(leftAlone);
        Exception? failure = null;
        foreach (var network in networks)
            Attempt(network, () => warnings.AddRange(Open(network, networks, stored)));
        foreach (var driver in _drivers)
        {
            if (networks.Where(network => network.Record.Driver == driver.Name && !failures.ContainsKey(network.Record.Id)).ToArray() is [var first, ..] open)
            {
                Attempt(first, driver.Commit);
                foreach (var other in open[1..])
                {
                    if (failures.TryGetValue(first.Record.Id, out string? reason))
                        failures[other.Record.Id] = reason;
                }
                warnings.AddRange(driver.Warnings);
            }
        }

        // 3. What others see.
        _failures = failures;
        Warnings = warnings;
        Publish(networks);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);

        void Attempt(INetwork network, Action work)
        {
            try
            {
                work();
            }
            catch (Exception exception) when (exception is NetworkException or LinuxException or NetlinkException or IOException or UnauthorizedAccessException)
            {
                failures[network.Record.Id] = exception.Message;
                if (IsPredefined(network.Record))
                    failure ??= exception;
                else
                    warnings.Add($"network {network.Record.Name} is not available: {exception.Message}");
            }
        }
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<NetworkInfo> CreateAsync(NetworkRequest request, CancellationToken cancellationToken) => _stack.InTurnAsync("failed to create the network", () =>
    {
        // 1. Everything that can be refused.
        if (request.Name == NetworkInfo.DefaultName || IsReserved(request.Name))
            throw new NetworkException(ErrorKind.Forbidden, $"operation is not permitted on predefined {request.Name} network ");
        if (_infos.Any(network => network.Name == request.Name))
            throw new NetworkException(ErrorKind.Conflict, $"network with name {request.Name} already exists");
        var driver = DriverOf(request.Driver)
            ?? throw new NetworkException(ErrorKind.NotFound, $"could not find plugin {request.Driver} in v1 plugin registry: plugin not found");
        if (!driver.Creates)
            throw new NetworkException(ErrorKind.Forbidden, $"only one instance of \"{request.Driver}\" network is allowed");
        if (request is { Subnet: { } subnet, Gateway: { } gateway } && !subnet.Contains(gateway))
            throw new NetworkException(ErrorKind.InvalidParameter, $"no matching subnet for gateway {gateway}");
        var network = driver.Of(NewRecord(request.Name, request.Driver) with { Address = Address(request), Labels = request.Labels.Count == 0 ? null : new(request.Labels) });
        var planned = network.Plan([.. _networks.Select(static other => other.Record)]);

        // 2. Remembered before it is done: after a crash in between the next start finishes it.
        _store.Save(planned);
        try
        {
            network.Open(planned);
            driver.Commit();
        }
        catch
        {
            network.Remove();
            driver.Commit();
            _store.Delete(planned.Id);
            throw;
        }
        Publish([.. _networks, network]);
        return Find(planned.Id)!;
    }, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(string id, CancellationToken cancellationToken) => _stack.InTurnAsync("failed to remove the network", () =>
    {
        var network = Array.Find(_networks, network => network.Record.Id == id) ?? throw new NetworkException(ErrorKind.NotFound, $"network {id} not found");
        if (IsPredefined(network.Record))
            throw new NetworkException(ErrorKind.Forbidden, $"{network.Record.Name} is a pre-defined network and cannot be removed");
        if (network.Endpoints.Count > 0)
            throw new NetworkException(ErrorKind.Forbidden, $"error while removing network: network {network.Record.Name} has active endpoints");
        network.Remove();
        DriverOf(network.Record.Driver)!.Commit();
        _store.Delete(id);
        Publish([.. _networks.Where(other => !ReferenceEquals(other, network))]);
    }, cancellationToken);

    /// <summary>Takes everything in the kernel and, when Hafen switched it on, the forwarding away again: for tests and uninstalling. State files stay.</summary>
    /// <exception cref="NetworkException">The kernel refused.</exception>
    public Task UninstallAsync(CancellationToken cancellationToken) => _stack.InTurnAsync("failed to remove the networks", () =>
    {
        foreach (var driver in _drivers)
            driver.Uninstall();
        foreach (var network in _networks)
            network.Remove();
    }, cancellationToken);

    // Remembered before it is done: after a crash in between the next start finishes it.
    private IReadOnlyList<string> Open(INetwork network, IReadOnlyList<INetwork> all, IReadOnlyList<NetworkRecord> stored)
    {
        var planned = network.Plan([.. all.Where(other => !ReferenceEquals(other, network)).Select(static other => other.Record)]);
        if (!stored.Contains(planned))
            _store.Save(planned);
        return network.Open(planned);
    }

    private static string? Address(NetworkRequest request) =>
        request.Subnet is not { } subnet ? null : $"{request.Gateway ?? subnet[1]}/{subnet.PrefixLength}";

    private static NetworkRecord NewRecord(string name, string driver) =>
        new() { Id = NetworkStore.NewId(), Name = name, Driver = driver, Created = DateTimeOffset.UtcNow };

    private INetworkDriver? DriverOf(string name) => _drivers.FirstOrDefault(driver => driver.Name == name);

    private bool IsReserved(string name) => _drivers.Any(driver => driver.PredefinedName == name);

    private bool IsPredefined(NetworkRecord record) => DriverOf(record.Driver)?.PredefinedName == record.Name;

    private void Publish(IReadOnlyList<INetwork> networks)
    {
        string? defaultNetwork = networks.FirstOrDefault(network => IsPredefined(network.Record) && network.Info.Reach != NetworkReach.Host)?.Record.Id;
        _networks = [.. networks];
        _infos =
        [
            .. networks.OrderBy(network => !IsPredefined(network.Record)).ThenBy(network => IsPredefined(network.Record) ? "" : network.Record.Name, StringComparer.Ordinal)
                .Select(network => network.Info with { Predefined = IsPredefined(network.Record), IsDefault = network.Record.Id == defaultNetwork }),
        ];
    }
}
