namespace Hafen.Oci.Runtime;

/// <summary>The member <c>process</c>.</summary>
public static partial class RuntimeSpecReader
{
    private static SpecProcess Process(ref SpecCursor json)
    {
        var value = new SpecProcess { User = null!, Cwd = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("terminal"u8))
                value = value with { Terminal = json.Flag() };
            else if (json.Is("consoleSize"u8))
                value = value with { ConsoleSize = ConsoleSize(ref json) };
            else if (json.Is("user"u8))
                value = value with { User = User(ref json) };
            else if (json.Is("args"u8))
                value = value with { Args = json.Texts() };
            else if (json.Is("env"u8))
                value = value with { Env = json.Texts() };
            else if (json.Is("cwd"u8))
                value = value with { Cwd = json.Text() };
            else if (json.Is("capabilities"u8))
                value = value with { Capabilities = Capabilities(ref json) };
            else if (json.Is("rlimits"u8))
                value = value with { Rlimits = Rlimits(ref json) };
            else if (json.Is("noNewPrivileges"u8))
                value = value with { NoNewPrivileges = json.Flag() };
            else if (json.Is("apparmorProfile"u8))
                value = value with { ApparmorProfile = json.Text() };
            else if (json.Is("selinuxLabel"u8))
                value = value with { SelinuxLabel = json.Text() };
            else if (json.Is("oomScoreAdj"u8))
                value = value with { OomScoreAdj = json.Int32() };
            else if (json.Is("scheduler"u8))
                value = value with { Scheduler = Scheduler(ref json) };
            else if (json.Is("ioPriority"u8))
                value = value with { IoPriority = IoPriority(ref json) };
            else if (json.Is("execCPUAffinity"u8))
                value = value with { ExecCpuAffinity = CpuAffinity(ref json) };
            else
                json.Skip();
        }

        SpecCursor.Require(value.User, "user");
        SpecCursor.Require(value.Cwd, "cwd");
        return value;
    }

    private static SpecConsoleSize ConsoleSize(ref SpecCursor json)
    {
        var value = new SpecConsoleSize();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("height"u8))
                value = value with { Height = json.UInt32() };
            else if (json.Is("width"u8))
                value = value with { Width = json.UInt32() };
            else
                json.Skip();
        }

        return value;
    }

    private static SpecUser User(ref SpecCursor json)
    {
        var value = new SpecUser();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("uid"u8))
                value = value with { Uid = json.UInt32() };
            else if (json.Is("gid"u8))
                value = value with { Gid = json.UInt32() };
            else if (json.Is("umask"u8))
                value = value with { Umask = json.UInt32() };
            else if (json.Is("additionalGids"u8))
                value = value with { AdditionalGids = json.UInt32s() };
            else
                json.Skip();
        }

        return value;
    }

    private static SpecCapabilities Capabilities(ref SpecCursor json)
    {
        var value = new SpecCapabilities();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("bounding"u8))
                value = value with { Bounding = json.Texts() };
            else if (json.Is("effective"u8))
                value = value with { Effective = json.Texts() };
            else if (json.Is("inheritable"u8))
                value = value with { Inheritable = json.Texts() };
            else if (json.Is("permitted"u8))
                value = value with { Permitted = json.Texts() };
            else if (json.Is("ambient"u8))
                value = value with { Ambient = json.Texts() };
            else
                json.Skip();
        }

        return value;
    }

    private static SpecRlimit Rlimit(ref SpecCursor json)
    {
        var value = new SpecRlimit { Type = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("type"u8))
                value = value with { Type = json.Text() };
            else if (json.Is("hard"u8))
                value = value with { Hard = json.UInt64() };
            else if (json.Is("soft"u8))
                value = value with { Soft = json.UInt64() };
            else
                json.Skip();
        }

        SpecCursor.Require(value.Type, "type");
        return value;
    }

    private static SpecRlimit[] Rlimits(ref SpecCursor json)
    {
        var list = new List<SpecRlimit>();
        for (bool inside = false; json.NextElement(ref inside);)
            list.Add(Rlimit(ref json));
        return [.. list];
    }

    private static SpecScheduler Scheduler(ref SpecCursor json)
    {
        var value = new SpecScheduler { Policy = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("policy"u8))
                value = value with { Policy = json.Text() };
            else if (json.Is("nice"u8))
                value = value with { Nice = json.Int32() };
            else if (json.Is("priority"u8))
                value = value with { Priority = json.Int32() };
            else if (json.Is("flags"u8))
                value = value with { Flags = json.Texts() };
            else if (json.Is("runtime"u8))
                value = value with { Runtime = json.UInt64() };
            else if (json.Is("deadline"u8))
                value = value with { Deadline = json.UInt64() };
            else if (json.Is("period"u8))
                value = value with { Period = json.UInt64() };
            else
                json.Skip();
        }

        SpecCursor.Require(value.Policy, "policy");
        return value;
    }

    private static SpecIoPriority IoPriority(ref SpecCursor json)
    {
        var value = new SpecIoPriority { Class = null! };
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("class"u8))
                value = value with { Class = json.Text() };
            else if (json.Is("priority"u8))
                value = value with { Priority = json.Int32() };
            else
                json.Skip();
        }

        SpecCursor.Require(value.Class, "class");
        return value;
    }

    private static SpecCpuAffinity CpuAffinity(ref SpecCursor json)
    {
        var value = new SpecCpuAffinity();
        for (bool inside = false; json.NextMember(ref inside);)
        {
            if (json.Is("initial"u8))
                value = value with { Initial = json.Text() };
            else if (json.Is("final"u8))
                value = value with { Final = json.Text() };
            else
                json.Skip();
        }

        return value;
    }
}
