using Hafen.Runtime.Cli.Options;
using Hafen.Runtime.State;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary><c>state ID</c>: the state as the runtime specification words it, with runc's additions.</summary>
internal static class StateVerb
{
    public static int Run(GlobalOptions global)
    {
        var options = VerbOptions.Parse(global.Rest, [], []);
        var stored = global.States.Load(options.Id);
        JsonOutput.Print(indented: true, Describe(global.States, stored).WriteTo);
        return 0;
    }

    public static ContainerState Describe(StateFolder states, StoredContainer stored)
    {
        var status = states.StatusOf(stored);
        var spec = states.LoadSpec(stored.Id);
        return new ContainerState
        {
            OciVersion = spec.OciVersion,
            Id = stored.Id,
            Pid = status == ContainerStatus.Stopped ? 0 : stored.Pid,
            Status = status.Word(),
            Bundle = stored.Bundle,
            Rootfs = spec.Root is null ? null : Path.GetFullPath(spec.Root.Path, stored.Bundle),
            Created = DateTimeOffset.FromUnixTimeMilliseconds(stored.CreatedAt).UtcDateTime,
            Annotations = spec.Annotations,
        };
    }
}
