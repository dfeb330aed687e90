using System.Text;
using Hafen.Errors;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Security;

/// <summary>AppArmor and SELinux: applied at execve where the kernel has them, refused by name where it does not.</summary>
internal static class SecurityLabels
{
    /// <exception cref="RuntimeException">InvalidArgument: the kernel does not have what is asked for.</exception>
    public static void Add(List<PlannedStep> steps, SpecProcess process)
    {
        if (process.ApparmorProfile is { Length: > 0 } profile && !(profile == "unconfined" && !HasAppArmor()))
        {
            if (!HasAppArmor())
                throw new RuntimeException(ErrorKind.InvalidParameter, "apparmor", $"AppArmor profile {profile} was asked for, but AppArmor is not enabled on this host");
            steps.Add(new PlannedStep(StepCode.WriteProc, $"apply apparmor profile {profile}")
            {
                Text = Directory.Exists("/proc/self/attr/apparmor") ? "self/attr/apparmor/exec" : "self/attr/exec",
                Data = Encoding.UTF8.GetBytes("exec " + profile),
            });
        }

        if (process.SelinuxLabel is { Length: > 0 } label)
        {
            if (!File.Exists("/sys/fs/selinux/enforce"))
                throw new RuntimeException(ErrorKind.InvalidParameter, "selinux", $"SELinux label {label} was asked for, but SELinux is not enabled on this host");
            steps.Add(new PlannedStep(StepCode.WriteProc, $"apply SELinux label {label}") { Text = "self/attr/exec", Data = Encoding.UTF8.GetBytes(label) });
        }
    }

    private static bool HasAppArmor() => File.Exists("/sys/kernel/security/apparmor/profiles");
}
