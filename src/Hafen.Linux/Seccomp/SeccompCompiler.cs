using System.Runtime.InteropServices;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Seccomp;

/// <summary>Compiles a spec with libseccomp, which is loaded at the first use.</summary>
public static unsafe class SeccompCompiler
{
    private const int ArgumentCount = 6;
    private const uint MFD_CLOEXEC = 1;
    private const int SEEK_END = 2;

    /// <summary>A binary tree over the numbers pays from about this many calls on; libseccomp 2.5 also errs with an empty one.</summary>
    private const int TreeThreshold = 32;

    /// <summary>libseccomp's <c>SCMP_ARCH_X32</c>, which to the kernel is x86-64 with a bit in the number.</summary>
    private const uint X32 = 0x4000_003E, X86_64 = 0xC000_003E;

    /// <summary>The library's version, for example <c>2.5.4</c>; null when it is not installed.</summary>
    public static string? LibraryVersion
    {
        get
        {
            try
            {
                var version = SeccompLibrary.seccomp_version();
                return $"{version->major}.{version->minor}.{version->micro}";
            }
            catch (DllNotFoundException)
            {
                return null;
            }
        }
    }

    /// <summary>
    /// The program as an array of <c>struct sock_filter</c> (8 bytes each). Calls that neither libseccomp nor we know are left out,
    /// as other runtimes do: they cannot be made by name.
    /// </summary>
    /// <exception cref="SeccompException">A value has no meaning, or libseccomp is missing or refuses it.</exception>
    public static byte[] Compile(SpecSeccomp spec)
    {
        try
        {
            return CompileWithLibrary(spec);
        }
        catch (DllNotFoundException exception)
        {
            throw new SeccompException("seccomp profiles need libseccomp.so.2, which is not installed", exception);
        }
    }

    /// <summary>The name of a system call by its number on this machine; null when libseccomp knows none.</summary>
    public static string? SyscallName(int number)
    {
        byte* name = SeccompLibrary.seccomp_syscall_resolve_num_arch(SeccompLibrary.seccomp_arch_native(), number);
        string? text = Marshal.PtrToStringUTF8((nint)name);
        SeccompLibrary.free(name);
        return text;
    }

    private static byte[] CompileWithLibrary(SpecSeccomp spec)
    {
        // 1. Understand everything before the library is asked for anything.
        uint defaultAction = SeccompAction.Parse(spec.DefaultAction, spec.DefaultErrnoRet);
        var rules = Rules(spec, defaultAction);
        SeccompProgram.FlagsOf(spec);
        uint[] architectures = [.. (spec.Architectures ?? []).Select(Token)];

        nint context = SeccompLibrary.seccomp_init(defaultAction);
        if (context == 0)
            throw new SeccompException("libseccomp: cannot make a filter");
        try
        {
            // 2. Settings. The native architecture is always part of a new filter.
            uint native = SeccompLibrary.seccomp_arch_native();
            foreach (uint architecture in architectures)
            {
                if (architecture != native)
                    Check(SeccompLibrary.seccomp_arch_add(context, architecture), "add an architecture", -Errno.EEXIST);
            }

            SeccompLibrary.seccomp_attr_set(context, SeccompLibrary.SCMP_FLTATR_CTL_NNP, 0);
            // Missing before 2.5: the filter is slower then, not wrong.
            if (rules.Count > TreeThreshold)
                SeccompLibrary.seccomp_attr_set(context, SeccompLibrary.SCMP_FLTATR_CTL_OPTIMIZE, 2);

            // 3. Rules.
            var extra = new List<(int Number, uint Action)>();
            foreach (var rule in rules)
                Add(context, rule, extra);

            // 4. The program, behind our prologue.
            byte[] body = Export(context);
            bool softened = !SeccompAction.LetsPass(defaultAction) && spec.DefaultErrnoRet != Errno.ENOSYS;
            ulong[] prologue = softened ? SeccompPrologue.Assemble(Sections(rules, [native, .. architectures]), extra) : [];
            byte[] program = new byte[prologue.Length * sizeof(ulong) + body.Length];
            MemoryMarshal.AsBytes<ulong>(prologue).CopyTo(program);
            body.CopyTo(program, prologue.Length * sizeof(ulong));
            return program;
        }
        finally
        {
            SeccompLibrary.seccomp_release(context);
        }
    }

    private static List<Rule> Rules(SpecSeccomp spec, uint defaultAction)
    {
        if (defaultAction == SeccompAction.Notify)
            throw new SeccompException("SCMP_ACT_NOTIFY cannot be used as default action");
        var rules = new List<Rule>();
        foreach (var call in spec.Syscalls ?? [])
        {
            uint action = SeccompAction.Parse(call.Action, call.ErrnoRet);
            SeccompLibrary.scmp_arg_cmp[] conditions = [.. (call.Args ?? []).Select(Condition)];
            foreach (string name in call.Names)
            {
                if (name.Length == 0)
                    throw new SeccompException("empty string is not a valid syscall");
                // The process that hands over the listener must still be able to write its number.
                if (action == SeccompAction.Notify && name == "write")
                    throw new SeccompException("SCMP_ACT_NOTIFY cannot be used for the write syscall");
                // libseccomp refuses rules that say what happens anyway.
                if (action != defaultAction)
                    rules.Add(new Rule(name, action, conditions));
            }
        }

        return rules;
    }

    private static void Add(nint context, Rule rule, List<(int Number, uint Action)> extra)
    {
        int number = SeccompLibrary.seccomp_syscall_resolve_name(rule.Name);
        if (number == SeccompLibrary.NoSuchSyscall)
        {
            int known = NewSyscalls.Number(rule.Name);
            if (known >= 0 && rule.Conditions.Length == 0 && !extra.Exists(call => call.Number == known))
                extra.Add((known, rule.Action));
            return;
        }

        // libseccomp takes one condition an argument; several on one were always meant as alternatives.
        bool alternatives = rule.Conditions.GroupBy(condition => condition.arg).Any(group => group.Count() > 1);
        if (!alternatives)
        {
            AddRule(context, rule, number, rule.Conditions);
            return;
        }

        foreach (var condition in rule.Conditions)
            AddRule(context, rule, number, [condition]);
    }

    private static void AddRule(nint context, Rule rule, int number, ReadOnlySpan<SeccompLibrary.scmp_arg_cmp> conditions)
    {
        fixed (SeccompLibrary.scmp_arg_cmp* array = conditions)
        {
            int result = SeccompLibrary.seccomp_rule_add_array(context, rule.Action, number, (uint)conditions.Length, array);
            // The same rule twice is no contradiction.
            Check(result, $"add a rule for {rule.Name}", -Errno.EEXIST);
        }
    }

    /// <summary>For each architecture the highest number that the profile names, the bound of what it knows about.</summary>
    private static List<SeccompPrologue.Section> Sections(List<Rule> rules, IEnumerable<uint> architectures)
    {
        string[] names = [.. rules.Select(rule => rule.Name).Distinct()];
        var sections = new List<SeccompPrologue.Section>();
        foreach (uint architecture in architectures.Distinct())
        {
            int highest = -1;
            foreach (string name in names)
                highest = Math.Max(highest, SeccompLibrary.seccomp_syscall_resolve_name_arch(architecture, name));
            uint token = architecture == X32 ? X86_64 : architecture;
            int index = sections.FindIndex(section => section.Token == token);
            if (index < 0)
            {
                sections.Add(new(token, -1, -1));
                index = sections.Count - 1;
            }

            sections[index] = architecture == X32 ? sections[index] with { HighestX32 = highest } : sections[index] with { Highest = highest };
        }

        return sections;
    }

    private static byte[] Export(nint context)
    {
        int file = SeccompLibrary.memfd_create("seccomp", MFD_CLOEXEC);
        if (file < 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "memfd_create");
        try
        {
            Check(SeccompLibrary.seccomp_export_bpf(context, file), "write the program", 0);
            byte[] program = new byte[SeccompLibrary.lseek(file, 0, SEEK_END)];
            fixed (byte* bytes = program)
            {
                if (SeccompLibrary.pread(file, bytes, (nuint)program.Length, 0) != program.Length)
                    throw new LinuxException(Marshal.GetLastPInvokeError(), "pread", "memfd");
            }

            return program;
        }
        finally
        {
            SeccompLibrary.close(file);
        }
    }

    private static uint Token(string architecture)
    {
        string name = SeccompArchitectures.ToLibrary(architecture)
            ?? throw new SeccompException($"string {architecture} is not a valid arch for seccomp");
        uint token = SeccompLibrary.seccomp_arch_resolve_name(name);
        return token != 0 ? token : throw new SeccompException($"architecture {architecture} is not known to this libseccomp");
    }

    private static SeccompLibrary.scmp_arg_cmp Condition(SpecSyscallArgument argument)
    {
        if (argument.Index >= ArgumentCount)
            throw new SeccompException($"seccomp argument index {argument.Index} is out of range (0-5)");
        int comparison = argument.Op switch
        {
            "SCMP_CMP_NE" => 1,
            "SCMP_CMP_LT" => 2,
            "SCMP_CMP_LE" => 3,
            "SCMP_CMP_EQ" => 4,
            "SCMP_CMP_GE" => 5,
            "SCMP_CMP_GT" => 6,
            "SCMP_CMP_MASKED_EQ" => 7,
            _ => throw new SeccompException($"string {argument.Op} is not a valid operator for seccomp"),
        };
        return new() { arg = argument.Index, op = comparison, datum_a = argument.Value, datum_b = argument.ValueTwo };
    }

    private static void Check(int result, string what, int alsoFine)
    {
        if (result < 0 && result != alsoFine)
            throw new SeccompException($"libseccomp: cannot {what}: {Errno.Text(-result)}");
    }

    private sealed record Rule(string Name, uint Action, SeccompLibrary.scmp_arg_cmp[] Conditions);
}
