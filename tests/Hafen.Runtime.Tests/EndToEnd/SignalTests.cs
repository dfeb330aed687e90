namespace Hafen.Runtime.Tests.EndToEnd;

/// <summary>What the runtime inherits of signals is no business of the container's.</summary>
public class SignalTests
{
    private const string Show = "grep -E '^Sig(Blk|Ign)' /proc/self/status";

    private static readonly string[] s_deaf = ["--ignore-signal=HUP,INT,QUIT,CHLD,USR1,PIPE", "--block-signal=TERM,USR2"];

    [Fact]
    public void A_container_starts_with_nothing_ignored_and_nothing_blocked_and_its_end_is_seen()
    {
        using var bundle = new Bundle();
        bundle.Process = bundle.Process with { Args = ["sh", "-c", Show + "; exit 7"] };
        bundle.Save();
        var outcome = Deaf(bundle, "run", bundle.Id);
        Assert.Equal(("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", 7), (outcome.Output, outcome.Code));
    }

    [Fact]
    public void So_does_an_exec()
    {
        using var bundle = new Bundle();
        bundle.StartSleeping();
        var outcome = Deaf(bundle, "exec", bundle.Id, "sh", "-c", Show + "; exit 7");
        Assert.Equal(("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", 7), (outcome.Output, outcome.Code));
    }

    /// <summary>Runs a verb from a parent that ignores and blocks signals.</summary>
    private static Outcome Deaf(Bundle bundle, params string[] arguments) =>
        NativeRuntime.Start("/usr/bin/env", bundle.Folder, null, [.. s_deaf, NativeRuntime.Executable, "--root", bundle.States, .. arguments]);
}
