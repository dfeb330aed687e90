using Hafen.Linux.FileSystem;
using Hafen.Linux.Netlink;
using Hafen.Networking.State;

namespace Hafen.Networking.Firewall;

/// <summary>The host's forwarding, which Hafen switches on when its networks need it, and off again when it is uninstalled (0024).</summary>
internal sealed class ForwardingSwitch(bool enable, NetworkStore store)
{
    private ForwardingRecord? _record;

    /// <summary>Why nothing is written down: a newer release has done so, in its way. Null when that is not so.</summary>
    public string? LeftAlone { get; private set; }

    /// <summary>Decides, and writes it down before it is done: after a crash in between the next start finishes it.</summary>
    /// <param name="links">The host's links now.</param>
    /// <param name="bridges">Names of those that are ours.</param>
    /// <returns>What holds from now on, and whether the switch is to be thrown after the rules are there.</returns>
    public (ForwardingRecord Record, bool SwitchOn) Decide(IReadOnlyList<LinkInfo> links, IReadOnlyCollection<string> bridges)
    {
        var known = Known();
        bool switchOn = enable && !Forwarding.IsOn;
        string boot = Forwarding.Boot;
        bool switchedOn = switchOn || (known.SwitchedOn && (known.Boot ?? boot) == boot);
        var decided = new ForwardingRecord
        {
            SwitchedOn = switchedOn,
            Boot = switchedOn ? boot : null,
            ForwardersBefore = switchOn ? Forwarding.OwnForwarders(links, bridges) : switchedOn ? known.ForwardersBefore : null,
        };
        Remember(decided);
        return (decided, switchOn);
    }

    /// <summary>Switches it off again when Hafen has switched it on.</summary>
    public void GiveBack()
    {
        if (!Known().SwitchedOn)
            return;
        Forwarding.Set(false);
        Remember(new ForwardingRecord());
    }

    private ForwardingRecord Known()
    {
        try
        {
            return (_record ??= store.LoadForwarding()) ?? FormerRelease() ?? new ForwardingRecord();
        }
        catch (NewerVersionException exception)
        {
            LeftAlone = exception.Message;
            return new ForwardingRecord();
        }
    }

    private void Remember(ForwardingRecord record)
    {
        if (record != _record && LeftAlone is null)
            store.SaveForwarding(record);
        _record = record;
    }

    // It stood in the default bridge's record.
    private ForwardingRecord? FormerRelease() => store.Load(out _).FirstOrDefault(static record => record.ForwardingSwitchedOn == true) is { } record
        ? new ForwardingRecord { SwitchedOn = true, Boot = record.ForwardingBoot, ForwardersBefore = record.ForwardersBefore }
        : null;
}
