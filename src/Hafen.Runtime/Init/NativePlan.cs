using System.Runtime.InteropServices;
using System.Text;
using Hafen.Errors;
using Hafen.Linux.FileSystem;

namespace Hafen.Runtime.Init;

/// <summary>
/// A plan in one block of native memory, with the descriptors its steps need: all that the child of a clone reads. Nothing in it is managed, so the
/// child neither allocates nor moves (architecture, rule 2).
/// </summary>
internal sealed unsafe class NativePlan : IDisposable
{
    private readonly List<Descriptor> _handles = [];
    private readonly IReadOnlyList<PlannedStep> _planned;
    private byte* _memory;
    private int* _kept;

    /// <exception cref="Errors.RuntimeException">A descriptor cannot be opened.</exception>
    public NativePlan(IReadOnlyList<PlannedStep> planned)
    {
        _planned = planned;
        nuint size = (nuint)(planned.Count * sizeof(Step));
        foreach (var step in planned)
            size += SizeOf(step.Text) + SizeOf(step.Second) + Aligned(step.Data?.Length ?? 0) + SizeOf(step.Strings) + SizeOf(step.Environment);
        _memory = (byte*)NativeMemory.AllocZeroed(size);
        try
        {
            byte* next = _memory + planned.Count * sizeof(Step);
            for (int i = 0; i < planned.Count; i++)
                Write((Step*)_memory + i, planned[i], ref next);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Step* Steps => (Step*)_memory;

    public int Count => _planned.Count;

    /// <summary>The words an error of step <paramref name="index"/> starts with.</summary>
    public PlannedStep this[int index] => _planned[index];

    /// <summary>
    /// All descriptors that the steps use, and those given, in rising order: the child closes every other at once, so that nobody it comes
    /// to live with can take a socket of the monitor out of it (the class of CVE-2016-9962). The memory is the plan's.
    /// </summary>
    public int* Descriptors(ReadOnlySpan<int> others, out int count)
    {
        var kept = new SortedSet<int>(others.ToArray());
        foreach (ref readonly var step in new ReadOnlySpan<Step>(_memory, Count))
        {
            // A node's owner stands where other steps have a descriptor.
            if (step.Code != StepCode.MakeNode)
                kept.Add(step.Descriptor);
            if (step.Code == StepCode.StandardStreams)
                kept.UnionWith([(int)step.Value, (int)step.Other, step.Number]);
        }

        kept.RemoveWhere(descriptor => descriptor < 0);
        count = kept.Count;
        NativeMemory.Free(_kept);
        _kept = (int*)NativeMemory.Alloc((nuint)count, sizeof(int));
        int i = 0;
        foreach (int descriptor in kept)
            _kept[i++] = descriptor;
        return _kept;
    }

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        _memory = null;
        NativeMemory.Free(_kept);
        _kept = null;
        foreach (var handle in _handles)
            handle.Dispose();
        _handles.Clear();
    }

    private void Write(Step* step, PlannedStep planned, ref byte* next)
    {
        step->Code = planned.Code;
        step->Descriptor = planned.Handle is null ? planned.Descriptor : Open(planned);
        step->Number = planned.Number;
        step->Value = planned.Value;
        step->Other = planned.Other;
        step->Text = Write(planned.Text, ref next);
        step->Second = Write(planned.Second, ref next);
        step->Strings = Write(planned.Strings, ref next);
        step->StringCount = planned.Strings?.Length ?? 0;
        step->Environment = Write(planned.Environment, ref next);
        step->EnvironmentCount = planned.Environment?.Length ?? 0;
        if (planned.Data is { } data)
        {
            step->Data = next;
            step->DataLength = data.Length;
            data.CopyTo(new Span<byte>(next, data.Length));
            next += Aligned(data.Length);
        }
    }

    private int Open(PlannedStep planned)
    {
        try
        {
            var handle = planned.Handle!.Open();
            _handles.Add(handle);
            return handle.Number;
        }
        catch (Linux.LinuxException exception)
        {
            throw new Errors.RuntimeException(Hafen.Errors.ErrorKind.System, planned.Stage, $"{planned.Stage}: {exception.Message}", exception.Number);
        }
    }

    private static byte* Write(string? text, ref byte* next)
    {
        if (text is null)
            return null;
        byte* start = next;
        // The room was counted in the constructor.
        int length = Encoding.UTF8.GetByteCount(text);
        Encoding.UTF8.GetBytes(text, new Span<byte>(start, length));
        next += Aligned(length + 1);
        return start;
    }

    private static byte** Write(string?[]? strings, ref byte* next)
    {
        if (strings is null)
            return null;
        byte** table = (byte**)next;
        next += Aligned((strings.Length + 1) * sizeof(byte*));
        for (int i = 0; i < strings.Length; i++)
            table[i] = Write(strings[i], ref next);
        return table;
    }

    private static nuint SizeOf(string? text) => text is null ? 0 : Aligned(Encoding.UTF8.GetByteCount(text) + 1);

    private static nuint SizeOf(string?[]? strings)
    {
        if (strings is null)
            return 0;
        nuint size = Aligned((strings.Length + 1) * sizeof(byte*));
        foreach (string? text in strings)
            size += SizeOf(text);
        return size;
    }

    private static nuint Aligned(int length) => (nuint)((length + 7) & ~7);
}
