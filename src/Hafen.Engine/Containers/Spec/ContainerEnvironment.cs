using Hafen.Api;

namespace Hafen.Engine.Containers.Spec;

/// <summary>The variables of a container's process: Docker's own, then those of the configuration, then <c>HOME</c>.</summary>
internal static class ContainerEnvironment
{
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static string[] Build(ContainerConfig config, bool terminal, string home, IReadOnlyList<string>? more = null)
    {
        var variables = new List<string?>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        Apply(variables, places, [DefaultPath, "HOSTNAME=" + config.Hostname]);
        if (terminal)
            Apply(variables, places, ["TERM=xterm"]);
        Apply(variables, places, config.Env);
        Apply(variables, places, more);
        // An empty one is as good as none: no program finds anything there.
        if (!places.TryGetValue("HOME", out int at) || variables[at]!.Length == "HOME=".Length)
            Apply(variables, places, ["HOME=" + home]);
        return [.. variables.OfType<string>()];
    }

    /// <summary>
    /// Replaces and appends; a name without <c>=</c> takes the variable away and leaves its place empty. A client may send hundreds of thousands, so none is
    /// searched for and none is moved.
    /// </summary>
    private static void Apply(List<string?> variables, Dictionary<string, int> places, IReadOnlyList<string>? changes)
    {
        foreach (string change in changes ?? [])
        {
            int equals = change.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? change : change[..equals];
            if (equals < 0)
            {
                if (places.Remove(name, out int at))
                    variables[at] = null;
            }
            else if (places.TryGetValue(name, out int at))
            {
                variables[at] = change;
            }
            else
            {
                places.Add(name, variables.Count);
                variables.Add(change);
            }
        }
    }
}
