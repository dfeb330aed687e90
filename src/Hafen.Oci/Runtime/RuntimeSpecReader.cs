using System.Text.Json;

namespace Hafen.Oci.Runtime;

/// <summary>
/// Reads runtime specifications without a serializer. The runtime and each container's monitor read one file once: the serializer's metadata would cost
/// them more memory and time than all the rest of the reading. What it gives is what <see cref="RuntimeSpecJson"/> gives, member by member.
/// </summary>
public static partial class RuntimeSpecReader
{
    /// <summary>Reads a bundle's <c>config.json</c>. Unknown members are passed over, as the specification wants.</summary>
    /// <exception cref="JsonException">Broken JSON, a member of the wrong type, or a required member missing.</exception>
    public static RuntimeSpec Read(ReadOnlySpan<byte> json)
    {
        var cursor = new SpecCursor(json);
        var spec = Spec(ref cursor);
        cursor.End();
        return spec;
    }

    /// <summary>Reads a process alone, as <c>exec --process</c> gets it.</summary>
    /// <exception cref="JsonException">As <see cref="Read"/>.</exception>
    public static SpecProcess ReadProcess(ReadOnlySpan<byte> json)
    {
        var cursor = new SpecCursor(json);
        var process = Process(ref cursor);
        cursor.End();
        return process;
    }

    private static RuntimeSpec Spec(ref SpecCursor json)
    {
        var value = new RuntimeSpec { OciVersion = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("ociVersion"u8))
                value = value with { OciVersion = json.Text() };
            else if (json.Is("process"u8))
                value = value with { Process = Process(ref json) };
            else if (json.Is("root"u8))
                value = value with { Root = Root(ref json) };
            else if (json.Is("hostname"u8))
                value = value with { Hostname = json.Text() };
            else if (json.Is("domainname"u8))
                value = value with { Domainname = json.Text() };
            else if (json.Is("mounts"u8))
                value = value with { Mounts = Mounts(ref json) };
            else if (json.Is("hooks"u8))
                value = value with { Hooks = Hooks(ref json) };
            else if (json.Is("linux"u8))
                value = value with { Linux = Linux(ref json) };
            else if (json.Is("annotations"u8))
                value = value with { Annotations = json.TextMap() };
            else
                json.Skip();
        }

        SpecCursor.Require(value.OciVersion, "ociVersion");
        return value;
    }

    private static SpecRoot Root(ref SpecCursor json)
    {
        var value = new SpecRoot { Path = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("path"u8))
                value = value with { Path = json.Text() };
            else if (json.Is("readonly"u8))
                value = value with { Readonly = json.Flag() };
            else
                json.Skip();
        }

        SpecCursor.Require(value.Path, "path");
        return value;
    }

    private static SpecMount[] Mounts(ref SpecCursor json)
    {
        var list = new List<SpecMount>();
        for (bool inside = false; json.NextElement(ref inside);)
            list.Add(Mount(ref json));
        return [.. list];
    }

    private static SpecMount Mount(ref SpecCursor json)
    {
        var value = new SpecMount { Destination = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("destination"u8))
                value = value with { Destination = json.Text() };
            else if (json.Is("type"u8))
                value = value with { Type = json.Text() };
            else if (json.Is("source"u8))
                value = value with { Source = json.Text() };
            else if (json.Is("options"u8))
                value = value with { Options = json.Texts() };
            else if (json.Is("uidMappings"u8))
                value = value with { UidMappings = IdMappings(ref json) };
            else if (json.Is("gidMappings"u8))
                value = value with { GidMappings = IdMappings(ref json) };
            else
                json.Skip();
        }

        SpecCursor.Require(value.Destination, "destination");
        return value;
    }

    private static SpecHooks Hooks(ref SpecCursor json)
    {
        var value = new SpecHooks();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("prestart"u8))
                value = value with { Prestart = HookList(ref json) };
            else if (json.Is("createRuntime"u8))
                value = value with { CreateRuntime = HookList(ref json) };
            else if (json.Is("createContainer"u8))
                value = value with { CreateContainer = HookList(ref json) };
            else if (json.Is("startContainer"u8))
                value = value with { StartContainer = HookList(ref json) };
            else if (json.Is("poststart"u8))
                value = value with { Poststart = HookList(ref json) };
            else if (json.Is("poststop"u8))
                value = value with { Poststop = HookList(ref json) };
            else
                json.Skip();
        }

        return value;
    }

    private static SpecHook[] HookList(ref SpecCursor json)
    {
        var list = new List<SpecHook>();
        for (bool inside = false; json.NextElement(ref inside);)
            list.Add(Hook(ref json));
        return [.. list];
    }

    private static SpecHook Hook(ref SpecCursor json)
    {
        var value = new SpecHook { Path = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("path"u8))
                value = value with { Path = json.Text() };
            else if (json.Is("args"u8))
                value = value with { Args = json.Texts() };
            else if (json.Is("env"u8))
                value = value with { Env = json.Texts() };
            else if (json.Is("timeout"u8))
                value = value with { Timeout = json.Int32() };
            else
                json.Skip();
        }

        SpecCursor.Require(value.Path, "path");
        return value;
    }
}
