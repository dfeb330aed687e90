namespace Hafen.Oci.Runtime;

/// <summary>The member <c>linux</c>, its resources apart.</summary>
public static partial class RuntimeSpecReader
{
    private static SpecLinux Linux(ref SpecCursor json)
    {
        var value = new SpecLinux();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("namespaces"u8))
                value = value with { Namespaces = Namespaces(ref json) };
            else if (json.Is("uidMappings"u8))
                value = value with { UidMappings = IdMappings(ref json) };
            else if (json.Is("gidMappings"u8))
                value = value with { GidMappings = IdMappings(ref json) };
            else if (json.Is("timeOffsets"u8))
                value = value with { TimeOffsets = TimeOffsets(ref json) };
            else if (json.Is("devices"u8))
                value = value with { Devices = Devices(ref json) };
            else if (json.Is("cgroupsPath"u8))
                value = value with { CgroupsPath = json.Text() };
            else if (json.Is("resources"u8))
                value = value with { Resources = Resources(ref json) };
            else if (json.Is("rootfsPropagation"u8))
                value = value with { RootfsPropagation = json.Text() };
            else if (json.Is("seccomp"u8))
                value = value with { Seccomp = Seccomp(ref json) };
            else if (json.Is("sysctl"u8))
                value = value with { Sysctl = json.TextMap() };
            else if (json.Is("maskedPaths"u8))
                value = value with { MaskedPaths = json.Texts() };
            else if (json.Is("readonlyPaths"u8))
                value = value with { ReadonlyPaths = json.Texts() };
            else if (json.Is("mountLabel"u8))
                value = value with { MountLabel = json.Text() };
            else if (json.Is("personality"u8))
                value = value with { Personality = Personality(ref json) };
            else if (json.Is("intelRdt"u8))
                value = value with { IntelRdt = Unread(ref json) };
            else if (json.Is("memoryPolicy"u8))
                value = value with { MemoryPolicy = Unread(ref json) };
            else if (json.Is("netDevices"u8))
                value = value with { NetDevices = Unread(ref json) };
            else
                json.Skip();
        }

        return value;
    }

    private static SpecUnread Unread(ref SpecCursor json)
    {
        json.Skip();
        return new SpecUnread();
    }

    private static SpecNamespace Namespace(ref SpecCursor json)
    {
        var value = new SpecNamespace { Type = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("type"u8))
                value = value with { Type = json.Text() };
            else if (json.Is("path"u8))
                value = value with { Path = json.Text() };
            else
                json.Skip();
        }

        SpecCursor.Require(value.Type, "type");
        return value;
    }

    private static SpecNamespace[] Namespaces(ref SpecCursor json)
    {
        var list = new List<SpecNamespace>();
        for (bool inside = false; json.NextElement(ref inside);)
            list.Add(Namespace(ref json));
        return [.. list];
    }

    private static SpecIdMapping IdMapping(ref SpecCursor json)
    {
        var value = new SpecIdMapping();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("containerID"u8))
                value = value with { ContainerId = json.UInt32() };
            else if (json.Is("hostID"u8))
                value = value with { HostId = json.UInt32() };
            else if (json.Is("size"u8))
                value = value with { Size = json.UInt32() };
            else
                json.Skip();
        }

        return value;
    }

    private static SpecIdMapping[] IdMappings(ref SpecCursor json)
    {
        var list = new List<SpecIdMapping>();
        for (bool inside = false; json.NextElement(ref inside);)
            list.Add(IdMapping(ref json));
        return [.. list];
    }

    private static SpecTimeOffset TimeOffset(ref SpecCursor json)
    {
        var value = new SpecTimeOffset();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("secs"u8))
                value = value with { Secs = json.Int64() };
            else if (json.Is("nanosecs"u8))
                value = value with { Nanosecs = json.UInt32() };
            else
                json.Skip();
        }

        return value;
    }

    private static Dictionary<string, SpecTimeOffset> TimeOffsets(ref SpecCursor json)
    {
        var map = new Dictionary<string, SpecTimeOffset>();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            string clock = json.MemberName;
            map[clock] = TimeOffset(ref json);
        }

        return map;
    }

    private static SpecDevice Device(ref SpecCursor json)
    {
        var value = new SpecDevice { Path = null!, Type = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("path"u8))
                value = value with { Path = json.Text() };
            else if (json.Is("type"u8))
                value = value with { Type = json.Text() };
            else if (json.Is("major"u8))
                value = value with { Major = json.Int64() };
            else if (json.Is("minor"u8))
                value = value with { Minor = json.Int64() };
            else if (json.Is("fileMode"u8))
                value = value with { FileMode = json.UInt32() };
            else if (json.Is("uid"u8))
                value = value with { Uid = json.UInt32() };
            else if (json.Is("gid"u8))
                value = value with { Gid = json.UInt32() };
            else
                json.Skip();
        }

        SpecCursor.Require(value.Path, "path");
        SpecCursor.Require(value.Type, "type");
        return value;
    }

    private static SpecDevice[] Devices(ref SpecCursor json)
    {
        var list = new List<SpecDevice>();
        for (bool inside = false; json.NextElement(ref inside);)
            list.Add(Device(ref json));
        return [.. list];
    }

    private static SpecPersonality Personality(ref SpecCursor json)
    {
        var value = new SpecPersonality { Domain = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("domain"u8))
                value = value with { Domain = json.Text() };
            else if (json.Is("flags"u8))
                value = value with { Flags = json.Texts() };
            else
                json.Skip();
        }

        SpecCursor.Require(value.Domain, "domain");
        return value;
    }

    private static SpecSeccomp Seccomp(ref SpecCursor json)
    {
        var value = new SpecSeccomp { DefaultAction = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("defaultAction"u8))
                value = value with { DefaultAction = json.Text() };
            else if (json.Is("defaultErrnoRet"u8))
                value = value with { DefaultErrnoRet = json.UInt32() };
            else if (json.Is("architectures"u8))
                value = value with { Architectures = json.Texts() };
            else if (json.Is("flags"u8))
                value = value with { Flags = json.Texts() };
            else if (json.Is("listenerPath"u8))
                value = value with { ListenerPath = json.Text() };
            else if (json.Is("listenerMetadata"u8))
                value = value with { ListenerMetadata = json.Text() };
            else if (json.Is("syscalls"u8))
                value = value with { Syscalls = Syscalls(ref json) };
            else
                json.Skip();
        }

        SpecCursor.Require(value.DefaultAction, "defaultAction");
        return value;
    }

    private static SpecSyscall Syscall(ref SpecCursor json)
    {
        var value = new SpecSyscall { Names = null!, Action = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("names"u8))
                value = value with { Names = json.Texts() };
            else if (json.Is("action"u8))
                value = value with { Action = json.Text() };
            else if (json.Is("errnoRet"u8))
                value = value with { ErrnoRet = json.UInt32() };
            else if (json.Is("args"u8))
                value = value with { Args = SyscallArguments(ref json) };
            else
                json.Skip();
        }

        SpecCursor.Require(value.Names, "names");
        SpecCursor.Require(value.Action, "action");
        return value;
    }

    private static SpecSyscall[] Syscalls(ref SpecCursor json)
    {
        var list = new List<SpecSyscall>();
        for (bool inside = false; json.NextElement(ref inside);)
            list.Add(Syscall(ref json));
        return [.. list];
    }

    private static SpecSyscallArgument SyscallArgument(ref SpecCursor json)
    {
        var value = new SpecSyscallArgument { Op = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("index"u8))
                value = value with { Index = json.UInt32() };
            else if (json.Is("value"u8))
                value = value with { Value = json.UInt64() };
            else if (json.Is("valueTwo"u8))
                value = value with { ValueTwo = json.UInt64() };
            else if (json.Is("op"u8))
                value = value with { Op = json.Text() };
            else
                json.Skip();
        }

        SpecCursor.Require(value.Op, "op");
        return value;
    }

    private static SpecSyscallArgument[] SyscallArguments(ref SpecCursor json)
    {
        var list = new List<SpecSyscallArgument>();
        for (bool inside = false; json.NextElement(ref inside);)
            list.Add(SyscallArgument(ref json));
        return [.. list];
    }
}
