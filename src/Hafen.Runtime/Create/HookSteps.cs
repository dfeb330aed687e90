using Hafen.Oci.Runtime;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Create;

/// <summary>Hooks that run inside the container, as steps of init.</summary>
internal static class HookSteps
{
    public static List<PlannedStep> Build(SpecHook[]? hooks, string kind, byte[] state)
    {
        var steps = new List<PlannedStep>();
        foreach (var hook in hooks ?? [])
        {
            steps.Add(new PlannedStep(StepCode.Hook, $"error running {kind} hook {hook.Path}")
            {
                Text = hook.Path,
                Strings = hook.Args is { Length: > 0 } arguments ? arguments : [hook.Path],
                Environment = hook.Env ?? [],
                Data = state,
                Value = hook.Timeout is > 0 ? hook.Timeout.Value * 1000L : -1,
            });
        }

        return steps;
    }
}
