using Hafen.Linux;
using Hafen.Linux.Netlink;
using Hafen.Networking.Kernel;

namespace Hafen.Networking.Firewall;

/// <summary>
/// Our table in the kernel, kept there: somebody may remove it under a running daemon, for "nft flush ruleset" is how some firewalls begin. Called in turn
/// (<see cref="HostStack"/>).
/// </summary>
internal sealed class FirewallTable(string name, HostStack stack) : IDisposable
{
    private FirewallWatch? _watch;
    private FirewallRules? _rules;
    // The rules as the kernel lists them.
    private string? _listed;

    /// <summary>Puts the rules into the kernel and looks after them from then on.</summary>
    /// <returns>What the operator should know.</returns>
    /// <exception cref="NetworkException">They were refused, or the library is missing.</exception>
    public IReadOnlyList<string> Set(FirewallRules rules)
    {
        _rules = rules;
        var warnings = Apply(rules);
        try
        {
            _watch ??= new FirewallWatch(name, Repair);
            return warnings;
        }
        catch (LinuxException exception)
        {
            return [.. warnings, $"firewall rules of {name} that somebody removes come back with the next container only: {exception.Message}"];
        }
    }

    /// <summary>Puts the rules back when the table is not there: one message to the kernel.</summary>
    public void Ensure()
    {
        if (_rules is { } rules && stack.Netfilter is { } netfilter && !netfilter.HasTable(rules.Table))
            Apply(rules);
    }

    /// <summary>Removes the table. Nobody puts it back.</summary>
    public void Remove()
    {
        _rules = null;
        HostFirewall.Remove(name);
    }

    /// <summary>Not in turn: the watch may wait for one.</summary>
    public void Dispose() => _watch?.Dispose();

    private IReadOnlyList<string> Apply(FirewallRules rules)
    {
        var advice = HostFirewall.Apply(rules);
        // They may be gone again already; their absence is not what is wanted.
        _listed = HostFirewall.List(rules.Table) ?? _listed;
        return advice;
    }

    // Called by the watch, in its thread, after something of our table was removed; by our own replacing it, too.
    private void Repair()
    {
        try
        {
            stack.InTurn(() =>
            {
                if (_rules is { } rules && (HostFirewall.List(rules.Table) is not { } listed || listed != _listed))
                    Apply(rules);
            });
        }
        catch (Exception exception) when (exception is NetlinkException or LinuxException or NetworkException)
        {
            // The next removal, and the next container that is connected, try again.
        }
    }
}
