using Hafen.Api;

namespace Hafen.Engine.Containers.Spec;

/// <summary>The variables of a container's process: Docker's own, then those of the configuration, then <c>HOME</c>.</summary>
internal static class ContainerEnvironment
{
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static string[] Build(ContainerConfig config, bool terminal, string home, IReadOnlyList<string>? more = null)
    {
        var variables = new List<string> { DefaultPath, "HOSTNAME=" + config.Hostname };
        if (terminal) variables.Add("TERM=xterm");
        Apply(variables, config.Env);
        Apply(variables, more);
        // An empty one is as good as none: no program finds anything there.
        int at = variables.FindIndex(static v => v.StartsWith("HOME=", StringComparison.Ordinal));
        if (at < 0) variables.Add("HOME=" + home);
        else if (variables[at].Length == "HOME=".Length) variables[at] = "HOME=" + home;
        return [.. variables];
    }

    /// <summary>Replaces and appends; a name without <c>=</c> takes the variable away.</summary>
    private static void Apply(List<string> variables, IReadOnlyList<string>? changes)
    {
        foreach (string change in changes ?? [])
        {
            int equals = change.IndexOf('=', StringComparison.Ordinal);
            string prefix = (equals < 0 ? change : change[..equals]) + "=";
            int at = variables.FindIndex(v => v.StartsWith(prefix, StringComparison.Ordinal));
            if (equals < 0)
            {
                if (at >= 0) variables.RemoveAt(at);
            }
            else if (at >= 0)
            {
                variables[at] = change;
            }
            else
            {
                variables.Add(change);
            }
        }
    }
}
