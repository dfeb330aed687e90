namespace Hafen.Engine.Containers.Create;

/// <summary>Which kernel parameters belong to a namespace of the container; all others would change the host.</summary>
internal static class SysctlRules
{
    private static readonly IReadOnlySet<string> s_ipc = new HashSet<string>(StringComparer.Ordinal)
    {
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced",
    };

    /// <exception cref="EngineException">A parameter is not the container's own.</exception>
    public static void Check(IReadOnlyDictionary<string, string>? sysctls, bool hostNetwork, bool hostIpc, bool hostUts)
    {
        foreach (string given in sysctls?.Keys ?? [])
        {
            // sysctl(8): slashes and dots may change places, so that names with dots can be told.
            string name = given.Contains('/') ? given.Replace('/', '.') : given;
            if (name.StartsWith("net.", StringComparison.Ordinal))
            {
                if (hostNetwork)
                    throw EngineException.InvalidParameter($"sysctl '{given}' not allowed in host network namespace");
            }
            else if (s_ipc.Contains(name) || name.StartsWith("fs.mqueue.", StringComparison.Ordinal))
            {
                if (hostIpc)
                    throw EngineException.InvalidParameter($"sysctl '{given}' not allowed in host ipc namespace");
            }
            else if (name == "kernel.domainname")
            {
                if (hostUts)
                    throw EngineException.InvalidParameter($"sysctl '{given}' not allowed in host uts namespace");
            }
            else
            {
                throw EngineException.InvalidParameter($"sysctl \"{given}\" is not in a separate kernel namespace");
            }
        }
    }
}
