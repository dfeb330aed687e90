using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Tests.Create;

/// <summary>Specifications for tests of decisions.</summary>
internal static class SampleSpec
{
    public static RuntimeSpec Minimal { get; } = new()
    {
        OciVersion = "1.2.0",
        Root = new SpecRoot { Path = "rootfs" },
        Process = new SpecProcess { User = new SpecUser(), Args = ["sh"], Env = ["PATH=/bin", "HOME=/"], Cwd = "/work" },
        Linux = new SpecLinux { Namespaces = [new SpecNamespace { Type = "mount" }] },
    };
}
