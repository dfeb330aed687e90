using System.Text;
using System.Text.Json;
using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Create;

/// <summary>What hooks get on their stdin: the container's state (runtime-spec, runtime.md#state).</summary>
public static class HookInput
{
    /// <summary>The state as JSON, a zero byte standing where the pid's digits go.</summary>
    public static byte[] WithoutPid(string id, string bundle, string status, RuntimeSpec spec)
    {
        var text = new StringBuilder();
        text.Append($"{{\"ociVersion\":{Quote(spec.OciVersion)},\"id\":{Quote(id)},\"status\":{Quote(status)},\"pid\":\0,\"bundle\":{Quote(bundle)}");
        if (spec.Annotations is { Count: > 0 } annotations)
            text.Append($",\"annotations\":{{{string.Join(',', annotations.Select(pair => $"{Quote(pair.Key)}:{Quote(pair.Value)}"))}}}");
        return Encoding.UTF8.GetBytes(text.Append('}').ToString());
    }

    /// <summary>The state as JSON; pid 0 for a container that has ended.</summary>
    public static byte[] WithPid(string id, string bundle, string status, RuntimeSpec spec, int pid) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(WithoutPid(id, bundle, status, spec)).Replace("\0", pid.ToString()));

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
