using System.Text;
using Hafen.Errors;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Security;

/// <summary>Kernel parameters of the container. Only those that a namespace of its own keeps apart from the host's are accepted.</summary>
internal static class Sysctls
{
    private static readonly string[] s_ofIpc =
    [
        "kernel/msgmax", "kernel/msgmnb", "kernel/msgmni", "kernel/sem", "kernel/shmall", "kernel/shmmax", "kernel/shmmni", "kernel/shm_rmid_forced",
    ];

    /// <exception cref="RuntimeException">InvalidArgument: the parameter would change the host.</exception>
    public static void Add(List<PlannedStep> steps, SpecLinux linux)
    {
        foreach (var (name, value) in linux.Sysctl ?? [])
        {
            string path = ToPath(name);
            if (Refusal(path, linux.Namespaces ?? []) is { } reason)
                throw new RuntimeException(ErrorKind.InvalidParameter, "sysctl", $"sysctl \"{name}\" {reason}");
            steps.Add(new PlannedStep(StepCode.WriteProc, $"write sysctl {name}") { Text = "sys/" + path, Data = Encoding.UTF8.GetBytes(value) });
        }
    }

    /// <summary>As sysctl(8) reads names: the first separator decides whether dots or slashes separate.</summary>
    public static string ToPath(string name)
    {
        int first = name.AsSpan().IndexOfAny('.', '/');
        if (first < 0 || name[first] == '/')
            return name;
        return string.Create(name.Length, name, static (path, source) =>
        {
            for (int i = 0; i < path.Length; i++)
                path[i] = source[i] switch { '.' => '/', '/' => '.', var letter => letter };
        });
    }

    private static string? Refusal(string path, SpecNamespace[] namespaces)
    {
        bool Own(string type) => Array.Exists(namespaces, n => n.Type == type);
        if (Array.Exists(path.Split('/'), part => part is "" or "." or ".."))
            return "is not a name of a kernel parameter";
        if (Array.IndexOf(s_ofIpc, path) >= 0 || path.StartsWith("fs/mqueue/", StringComparison.Ordinal))
            return Own("ipc") ? null : "is not allowed in the hosts ipc namespace";
        if (path.StartsWith("net/", StringComparison.Ordinal))
            return Own("network") ? null : "not allowed in host network namespace";
        if (path == "kernel/domainname")
            return Own("uts") ? null : "is not allowed in the hosts uts namespace";
        if (path == "kernel/hostname")
            return "is set by the member hostname";
        return "is not in a separate kernel namespace";
    }
}
